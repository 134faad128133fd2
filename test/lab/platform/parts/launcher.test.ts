import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { waltCommand, writeLauncher } from '../../../../lab/platform/parts/launcher.ts';
import { platformPaths } from '../../../../lab/platform/paths.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const REPORT =
  '#!/bin/sh\necho "usual=$WALT_USUAL_SOCKET socket=$WALT_SOCKET $WALT_SERVER $2 $WALT_START_COMMAND"\n';

/** The script of a platform, whose `walt` says what it is told. */
async function launcherOf(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const node = join(folder, 'node');
  await writeFile(node, REPORT, { mode: 0o755 });
  const paths = { ...platformPaths('/project', join(folder, "it's")), node } as never;
  await writeLauncher(paths, 'npm start -- --state x');
  return platformPaths('/project', join(folder, "it's"));
}

test('the script of a platform leaves it to whoever types where walt goes', async (t) => {
  const { launcher, socket } = await launcherOf(t);
  const bare = await succeed(['env', '-u', 'WALT_SOCKET', '-u', 'WALT_SERVER', launcher, 'doctor']);
  t.is(bare.stdout.toString(), `usual=${socket} socket=  doctor npm start -- --state x\n`);
  const own = await succeed(['env', '-u', 'WALT_SERVER', 'WALT_SOCKET=/own', launcher, 'doctor']);
  t.is(own.stdout.toString(), `usual=${socket} socket=/own  doctor npm start -- --state x\n`);
});

test('waltCommand() goes to the server of the platform, whatever the environment names', async (t) => {
  const paths = await launcherOf(t);
  const argv = [
    'env',
    'WALT_SOCKET=/own',
    'WALT_SERVER=https://x',
    ...waltCommand(paths, 'doctor'),
  ];
  const { stdout } = await succeed(argv);
  t.regex(stdout.toString(), new RegExp(` socket=${paths.socket}  doctor `));
});
