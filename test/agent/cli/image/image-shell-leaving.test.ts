// Whoever leaves `walt image shell` saves nothing, and can pick up what they did.
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { CTRL_C, CTRL_D } from '../../../support/process/terminal.ts';
import { contentOf, digestOf, lab, type } from './shell-lab.ts';

for (const [what, key] of [
  ['ctrl-C', CTRL_C],
  ['ctrl-D', CTRL_D],
] as const) {
  test.serial(`${what} at the question saves nothing; the shell can be picked up`, async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const before = digestOf(platform, 'alice/pc:latest');
    const left = await type(platform, 'pc', ['echo work > /made; exit', key]);
    t.is(left.code, 1, left.out);
    t.regex(left.out, /Nothing was saved/);
    t.is(digestOf(platform, 'alice/pc:latest'), before);
    const [, id = ''] = /walt image shell --resume (\w{8})/.exec(left.out) ?? [];
    const { out } = await platform.walt('image', 'shell', '--kept');
    t.regex(out, new RegExp(`^${id} +pc:latest `, 'm'));
    const again = await type(platform, `--resume ${id}`, ['cat /made; exit', '']);
    t.is(again.code, 0, again.out);
    t.is(await contentOf(platform, 'alice/pc:latest', 'made'), 'work\n');
    t.regex((await platform.walt('image', 'shell', '--kept')).err, /No shell of yours is kept/);
  });
}

test.serial('a closed terminal and SIGTERM save nothing; the shell can be picked up', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const before = digestOf(platform, 'alice/pc:latest');
  const close = (terminal: { kill: (signal: 'SIGKILL') => void }) => terminal.kill('SIGKILL');
  const end = (terminal: { pid?: number | undefined }) =>
    void runProgram(['sh', '-c', `kill -TERM $(cat /proc/${terminal.pid}/task/*/children)`]);
  let count = 0;
  for (const way of [close, end]) {
    for (const lines of [
      ['echo work > /made; exit', way],
      ['echo work > /made', way],
    ]) {
      await type(platform, 'pc', lines);
      count = Math.min(3, count + 1);
      const client = ['image', 'shell', '--kept', '--json'];
      for (;;) {
        const { shells } = JSON.parse((await platform.walt(...client)).out);
        if (shells.length === count) break;
      }
    }
  }
  t.is(digestOf(platform, 'alice/pc:latest'), before);
});

test.serial('a shell in which nothing was changed asks nothing and leaves nothing', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { code, out } = await type(platform, 'pc', ['ls /; exit']);
  t.is(code, 0, out);
  t.regex(out, /Nothing was changed/);
  t.regex((await platform.walt('image', 'shell', '--kept')).err, /No shell of yours is kept/);
});

test.serial(
  'a shell that is kept is named when another is opened, and can be dropped',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt } = platform;
    const left = await type(platform, 'pc', ['echo work > /made; exit', '-']);
    t.regex(left.out, /Nothing was saved\.\s+What you changed is kept until \d\d:\d\d: walt/);
    const [, id = ''] = /--resume (\w{8})/.exec(left.out) ?? [];
    const other = await type(platform, 'pc', ['exit']);
    t.regex(other.out, new RegExp(`You left a shell of pc without saving, .*--resume ${id}`));
    t.regex((await walt('image', 'shell', '--drop', 'x')).err, /No shell is kept as 'x'.*--kept/);
    t.is((await walt('image', 'shell', '--drop', id)).out, `Shell ${id} is given up.\n`);
    t.regex((await walt('image', 'shell', '--kept')).err, /No shell of yours is kept/);
    t.regex((await walt('image', 'shell')).err, /give either IMAGE, --resume ID/);
  },
);
