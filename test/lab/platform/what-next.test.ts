import test from 'ava';
import { whatNext } from '../../../lab/platform/what-next.ts';

const PAGE = { url: 'https://127.0.0.1:8443', fingerprint: 'AA:BB' };
const PLATFORM = {
  ...{ launcher: '.walt/bin/walt', namespace: 'walt-net', isDetached: false, stop: 'npm stop' },
  page: PAGE,
  hasUser: false,
};

test('whatNext() says how a platform ends that has the terminal', (t) => {
  const lines = whatNext({ ...PLATFORM, node: 'pc' });
  t.is(lines[1], 'pc is booted. What to type next, in another terminal:');
  t.is(lines.at(-1), 'ctrl-C (or npm stop) ends the platform.');
});

test('whatNext() of a detached platform speaks of no ctrl-C and no other terminal', (t) => {
  const text = whatNext({ ...PLATFORM, node: 'pc', isDetached: true }).join('\n');
  t.notRegex(text, /ctrl-C|another terminal/);
  t.regex(text, /\nnpm stop ends the platform\.$/);
  const other = whatNext({ ...PLATFORM, stop: 'npm stop -- --state /x', isDetached: true });
  t.is(other.at(-1), 'npm stop -- --state /x ends the platform.');
});

test('whatNext() leaves out what is done', (t) => {
  const first = whatNext({ ...PLATFORM, node: 'pc-1', isUnnamed: true }).join('\n');
  t.regex(first, /device rename pc-1 my-node\n/);
  const second = whatNext({ ...PLATFORM, node: 'my-node', hasUser: true }).join('\n');
  t.notRegex(second, /device rename|user create/);
  t.regex(second, /\nThe page for browsers: .*\n\nctrl-C/);
});

test('whatNext() renames no node where there is none', (t) => {
  t.notRegex(whatNext(PLATFORM).join('\n'), /rename/);
});

test('whatNext() says where the page is, by what it is known, and how somebody logs in', (t) => {
  const text = whatNext(PLATFORM).join('\n');
  t.regex(text, /\nThe page for browsers: https:\/\/127\.0\.0\.1:8443 \(fingerprint AA:BB\)\n/);
  t.regex(text, /\n {2}\.walt\/bin\/walt user create admin --role admin --password /);
});
