// docs/new-board.md from nothing to booted: the page's own commands, on the server's machine as its reader would type them.
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import test from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { Background } from '../../../lab/programs/background.ts';
import { codeBlocks } from '../../support/docs-page.ts';
import { eventually, openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NAME = 'node-00a202';

test.serial('a board that nobody has heard of is booted as the page says', async (t) => {
  t.timeout(60 * 60_000);
  const [start = '', build = '', bring = '', wait = ''] = await codeBlocks(
    'docs/new-board.md',
    'sh',
  );
  t.is(
    build,
    'npm run images -- qemu-arm64\n',
    'done before this test: see scripts/builders/builders.ts',
  );
  const lab = await openLab(t, 'newpage');
  const walt = await waltCommand(lab);
  const type = (commands: string) =>
    new Background(
      lab.namespace.command([
        ...['env', '-C', ROOT, `PATH=${[walt, process.env.PATH].join(delimiter)}`],
        ...['setpriv', '--pdeathsig', 'KILL', 'sh', '-euc', commands],
      ]),
    );
  await lab.startServer();

  // The last command of the block is the machine: it takes the shell's place, so that the test can end it.
  const board = type(start.replace('\nqemu-system', '\nexec qemu-system'));
  t.teardown(() => board.kill());
  await board.waitFor(/no image for model qemu-arm64 yet; retrying/, 600);
  t.regex(await lab.walt('device', 'show'), /no image for model qemu-arm64 yet/);

  t.is(await type(bring).ended(), 0);
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  const known = `new node (device type previously unknown) name=${NAME} model=qemu-arm64`;
  await eventually(log, (text) => text.includes(known), 300);
  t.is(await type(wait).ended(), 0);
  t.regex(await lab.walt('node', 'show', '--all'), new RegExp(`${NAME} .*yes`));
});

/** A folder for the path, with `walt` as the server's machine has it. */
async function waltCommand({ folder }: Lab): Promise<string> {
  const file = join(folder, 'walt');
  const node = join(ROOT, 'node_modules/.bin/node');
  const main = join(ROOT, 'agent/cli/main.ts');
  const socket = join(folder, 'walt.sock');
  await writeFile(file, `#!/bin/sh\nexport WALT_SOCKET=${socket}\nexec ${node} ${main} "$@"\n`);
  await chmod(file, 0o755);
  return folder;
}
