// What the node's scripts read of the kernel command line, under the real busybox.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../lab/programs/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { OVERLAY_BIN } from './keepers.ts';

const SCRIPT = '. "$1/walt-script-common" && cd /usr && kernel_argument walt.x none';

for (const [what, line, value] of [
  ['the last of a name', 'walt.x=1 b walt.x=2\n', '2'],
  ['nothing of another name', 'walt.xy=1 waltox=2 -walt.x=3 walt.x\n', 'none'],
  ['an empty value as none', 'walt.x=1 walt.x=\n', 'none'],
  ['a pattern as it is', 'walt.x=* [a-z]*\n', '*'],
  ['what the shell would run as it is', 'walt.x=$(id)`id`$HOME\\n"\n', '$(id)`id`$HOME\\n"'],
  ['a value with equals signs', 'walt.x=a=b=\n', 'a=b='],
  ['a line without an end', 'a walt.x=1', '1'],
  ['several lines', 'a\nwalt.x=1\nb\n', '1'],
  ['words behind tabs and more blanks', ' a \twalt.x=1\t b\n', '1'],
  ['a very long line', `${'b'.repeat(10_000)} ${'c=d '.repeat(5000)}walt.x=1\n`, '1'],
] as const) {
  test(`kernel_argument reads ${what}`, async (t) => {
    const file = join(await temporaryFolder(t), 'cmdline');
    await writeFile(file, line);
    const program = ['env', `WALT_CMDLINE=${file}`, 'busybox', 'sh', '-c', SCRIPT];
    const { stdout } = await succeed([...program, 'sh', OVERLAY_BIN]);
    t.is(stdout.toString(), `${value}\n`);
  });
}
