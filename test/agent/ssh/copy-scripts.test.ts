// The scripts of `walt node cp` with this machine's shell and tar, and with busybox's alone.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { SEND, TAKE } from '../../../agent/ssh/copy-scripts.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

for (const shell of ['sh', 'busybox'] as const) {
  test(`TAKE puts nothing where the sender was killed between two files: ${shell}`, async (t) => {
    const folder = await temporaryFolder(t);
    const bin = join(folder, 'bin');
    await mkdir(bin);
    if (shell === 'busybox') await succeed(['busybox', '--install', '-s', bin]);
    const path = shell === 'busybox' ? bin : (process.env.PATH ?? '');
    const argv = (script: string, ...args: string[]) => [
      ...['env', `PATH=${path}`, `${shell === 'busybox' ? `${bin}/sh` : 'sh'}`],
      ...['-c', script, 'sh', ...args],
    ];
    const from = join(folder, 'from');
    await mkdir(from);
    for (const name of ['one', 'two']) await writeFile(join(from, name), name);
    const [program = '', ...args] = argv(SEND, from);
    const { stdout: whole } = await run(program, args, { encoding: 'buffer' });
    const to = join(folder, 'to');
    await mkdir(to);
    // A header and a block for each file, and a header for the folder.
    for (const blocks of [0, 1, 3, 5]) {
      const input = whole.subarray(0, blocks * 512);
      const cut = await runProgram(argv(TAKE, to, 'from', 'folder'), { input });
      t.not(cut.code, 0, `${blocks}: ${cut.said}`);
      t.deepEqual(await readdir(to), [], String(blocks));
    }
    const taken = await runProgram(argv(TAKE, to, 'from', 'folder'), { input: whole });
    t.is(taken.code, 0, taken.said);
    t.deepEqual(await readdir(to), ['from']);
    t.is(await readFile(join(to, 'from/two'), 'utf8'), 'two');
  });
}
