import test from 'ava';
import { complaintAboutName, defaultName, nameKey } from '../../../agent/boot/names.ts';

test('defaultName() takes the last six digits of the MAC', (t) => {
  t.is(
    defaultName('node', 'b8:27:eb:f2:67:82', () => false),
    'node-f26782',
  );
  t.is(
    defaultName('unknown', 'b8:27:eb:f2:67:82', () => false),
    'unknown-f26782',
  );
});

test('defaultName() counts on while the name is taken', (t) => {
  const taken = new Set(['node-f26782', 'node-f26782-2']);
  t.is(
    defaultName('node', 'aa:27:eb:f2:67:82', (name) => taken.has(name)),
    'node-f26782-3',
  );
});

for (const name of ['rpi3bp-412-A', 'ab', 'a1', 'Node-X']) {
  test(`complaintAboutName() accepts '${name}'`, (t) => {
    t.is(complaintAboutName(name), undefined);
  });
}

for (const name of [
  '',
  'a',
  '4b',
  '-x',
  'a_b',
  'a b',
  'a.b',
  'rpi-',
  'a-',
  'é1',
  'x'.repeat(64),
  'all-nodes',
  'Walt-Server',
]) {
  test(`complaintAboutName() refuses '${name}'`, (t) => {
    t.regex(complaintAboutName(name) ?? '', /not valid|reserved/);
  });
}

test('nameKey() is one for names that differ in case only', (t) => {
  t.is(nameKey('Web-01'), nameKey('web-01'));
  t.not(nameKey('web-01'), nameKey('web-1'));
});
