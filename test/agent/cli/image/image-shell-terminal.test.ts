// The shell of `walt image shell` runs on the server, as root, on the terminal of whoever asked.
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { CTRL_C, runOnTerminal } from '../../../support/process/terminal.ts';
import { contentOf, lab, type Typed } from './shell-lab.ts';

/** Ids that nobody has here. */
const ACCOUNT = 54_321;
const GROUP = 54_322;

test.serial(
  'the shell has the size of the terminal, and ctrl-C reaches what runs in it',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { code, out } = await runOnTerminal(
      `stty rows 33 cols 120; exec ${process.execPath} ${WALT} image shell pc`,
      {
        lines: [
          'busybox stty size; echo $TERM',
          // One process from the word on: between two of them ctrl-C would reach the shell alone.
          `busybox sh -c 'busybox printf "ready\\072 "; exec busybox sleep 1000'`,
          CTRL_C,
          'exit',
        ],
        env: { WALT_SOCKET: platform.socket, WALT_USER: 'alice', TERM: 'vt220' },
      },
    );
    t.is(code, 0, out);
    t.regex(out, /^33 120\r\nvt220\r$/m);
  },
);

test.serial('a member of the group of the socket, who is not root, works in images', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { socket, folder } = platform;
  await chown(socket, 0, GROUP);
  await chmod(folder, 0o711);
  const home = join(folder, 'home');
  await mkdir(join(home, 'context'), { recursive: true });
  await writeFile(join(home, 'context', 'Dockerfile'), 'FROM alice/pc\nRUN echo built > /built\n');
  await writeFile(join(home, 'page'), 'hello');
  await chown(home, ACCOUNT, ACCOUNT);
  const env = { WALT_SOCKET: socket, WALT_USER: 'alice' };
  const ids = `--reuid ${ACCOUNT} --regid ${ACCOUNT} --groups ${GROUP}`;
  const walt = (args: string, lines: Typed = []) => {
    const command = `cd ${home}; exec setpriv ${ids} ${process.execPath} ${WALT} image ${args}`;
    return runOnTerminal(command, { lines, env });
  };
  const root = 'test $(busybox id -u) = 0';
  const shell = await walt('shell pc', [`${root} && echo work > /made; rm /bin/uname; exit`, '']);
  t.is(shell.code, 0, shell.out);
  t.is(await contentOf(platform, 'alice/pc:latest', 'made'), 'work\n');
  for (const args of [
    'cp page pc:/etc/page',
    'build --from-dir context web',
    'cp pc:/etc back',
    'cp pc:/sbin/init init',
  ]) {
    const { code, out } = await walt(args);
    t.is(code, 0, `${args}: ${out}`);
  }
  t.is(await readFile(join(home, 'back', 'page'), 'utf8'), 'hello');
  t.is((await stat(join(home, 'back', 'page'))).uid, ACCOUNT, 'what comes out is theirs');
  t.regex((await walt('cp pc:/etc/page /root/page')).out, /Cannot copy .*Permission denied/);
});
