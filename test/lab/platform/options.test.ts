import test from 'ava';
import { helpText, parseOptions } from '../../../lab/platform/options.ts';
import { PlatformError } from '../../../lab/platform/platform-error.ts';

test('helpText() of npm stop has its own options alone', (t) => {
  const text = helpText('stop');
  t.regex(text, /^Usage: npm stop -- /);
  t.regex(text, /--state .*\n {2}--help /);
  t.notRegex(text, /--detach|--address/);
  t.regex(helpText('start'), /^Usage: npm start -- [\s\S]*--detach/);
});

test('parseOptions() names the command whose help says more', (t) => {
  for (const command of ['start', 'stop'] as const) {
    const error = t.throws(() => parseOptions(['--colour'], { root: '/p', command }), {
      instanceOf: PlatformError,
    });
    t.is(error?.remedy, `See: npm ${command} -- --help`);
  }
});

test('parseOptions() takes for npm stop what npm start was given', (t) => {
  const args = ['--state', 'x', '--namespace', 'walt-other', '--no-node'];
  t.is(parseOptions(args, { root: '/p', command: 'stop' }).state, '/p/x');
});
