// What `walt image shell` saves, on a terminal and in scripts.
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { CTRL_D, runOnTerminal } from '../../../support/process/terminal.ts';
import { contentOf, digestOf, lab, type } from './shell-lab.ts';

test.serial(
  'walt image shell saves what was changed on a terminal, under the name given',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { socket, images } = platform;
    const typed = (...lines: string[]) =>
      runOnTerminal(`${process.execPath} ${WALT} image shell pc`, {
        lines,
        env: { WALT_SOCKET: socket, WALT_USER: 'alice', PS1: '# ' },
      });
    const saved = await typed('echo from-shell > /made; exit', 'web:v2');
    t.is(saved.code, 0, saved.out);
    t.is(await contentOf(platform, 'alice/web:v2', 'made'), 'from-shell\n');
    const dropped = await typed('echo lost > /made; exit', '-');
    t.regex(dropped.out, /Nothing was saved/);
    await t.throwsAsync(contentOf(platform, 'alice/pc:latest', 'made'), { code: 'ENOENT' });
    t.is(images.all().length, 2);
  },
);

test.serial('walt image shell runs a script from standard input', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  t.regex(
    (await platform.walt('image', 'shell', 'pc')).err,
    /no terminal to ask on. Add --save NAME/,
  );
  const walt = `WALT_SOCKET=${platform.socket} WALT_USER=alice ${process.execPath} ${WALT}`;
  const pipe = (script: string) =>
    runProgram(['sh', '-c', `echo '${script}' | ${walt} image shell pc --save pc`]);
  const failed = await pipe('echo lost > /scripted; exit 3');
  t.regex(failed.said, /The shell ended with status 3\. Nothing was saved/);
  const { code, said } = await pipe('echo scripted > /scripted');
  t.is(code, 0, said);
  t.is(await contentOf(platform, 'alice/pc:latest', 'scripted'), 'scripted\n');
});

test.serial('an image that nodes cannot boot any more is not saved', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const digest = platform.images.byName('alice/pc:latest')?.digest;
  const { code, out } = await runOnTerminal(
    `${process.execPath} ${WALT} image shell pc --save pc`,
    {
      lines: ['rm -r /boot/pc-x86-64; exit', CTRL_D],
      env: { WALT_SOCKET: platform.socket, WALT_USER: 'alice', PS1: '# ' },
    },
  );
  t.is(code, 1);
  t.regex(out, /boot\/pc-x86-64/);
  t.is(platform.images.byName('alice/pc:latest')?.digest, digest);
});

test.serial('a name that the server refuses is asked for again, with the reason', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  await platform.images.alias('alice/pc:latest', 'alice/taken:latest');
  const { code, out } = await type(platform, 'pc', [
    'echo work > /made; exit',
    'Not A Name',
    'default',
    'taken',
    'web',
  ]);
  t.is(code, 0, out);
  t.is(out.match(/Save as/g)?.length, 4, out);
  t.regex(out, /There is an image 'taken:latest' already/);
  t.is(await contentOf(platform, 'alice/web:latest', 'made'), 'work\n');
  t.is(digestOf(platform, 'alice/taken:latest'), digestOf(platform, 'alice/pc:latest'));
});

test.serial(
  'an image that was changed meanwhile is not replaced: another name is asked for',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    await platform.images.alias('alice/pc:latest', 'alice/old:latest');
    const change = () =>
      void platform.walt('image', 'cp', WALT, 'pc:/etc').then(() => ready.resolve());
    const ready = Promise.withResolvers<void>();
    const typing = type(platform, 'pc', [
      (terminal) => {
        change();
        ready.promise.then(() => terminal.stdin?.write('echo work > /made; exit\n'));
      },
      '',
      'mine',
    ]);
    const { code, out } = await typing;
    t.is(code, 0, out);
    t.regex(out, /changed meanwhile/);
    t.is(await contentOf(platform, 'alice/mine:latest', 'made'), 'work\n');
    await t.throwsAsync(contentOf(platform, 'alice/pc:latest', 'made'), { code: 'ENOENT' });
  },
);
