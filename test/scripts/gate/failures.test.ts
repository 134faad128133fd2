import test from 'ava';
import { failuresText, fileOf } from '../../../scripts/gate/failures.ts';

const FILES = [
  'test/agent/net/links.test.ts',
  'test/agent/api/links.test.ts',
  'test/agent/api/links/links.test.ts',
  'test/lab/clients.test.ts',
];

test('fileOf() finds the file behind the folders that a title has', (t) => {
  t.is(fileOf('agent › net › links › up', FILES), FILES[0]);
  t.is(fileOf('lab › clients › links › up', FILES), FILES[3]);
});
test('fileOf() finds a file whose folders all files of the run share', (t) => {
  t.is(fileOf('net › links › up', FILES.slice(0, 2)), FILES[0]);
});
test('fileOf() prefers the longer name', (t) => {
  t.is(fileOf('agent › api › links › links › up', FILES), FILES[2]);
});
test('fileOf() has no answer where two files fit, or none', (t) => {
  t.is(fileOf('links › up', FILES), undefined);
  t.is(fileOf('ava ended with SIGSEGV', FILES), undefined);
});
test('fileOf() of a run with one file needs no name', (t) => {
  t.is(fileOf('up', FILES.slice(1, 2)), FILES[1]);
});

test('failuresText() has the first lines of each failure', (t) => {
  const details = Array.from({ length: 100 }, (_, line) => `  line ${line}`);
  const text = failuresText([
    { title: 'a', details: ['  message: x'] },
    { title: 'b', details },
  ]);
  t.true(text.startsWith('✘ a\n  message: x\n✘ b\n  line 0\n'));
  t.true(text.endsWith('  line 39'));
});
