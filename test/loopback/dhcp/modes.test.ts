// A server that somebody started with umask 0, as some container does: no other user of the machine can read or write what is its own.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { ServerProcess } from '../../../lab/programs/server-process.ts';
import { SERVER } from '../../../lab/programs/walt-programs.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { openLab } from '../../support/lab.ts';

const SOMEBODY = ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'];
/** Roots of images, and what they are made of, have the modes of the image, behind a folder that is root's alone. */
const OF_IMAGES = /\/images\/[^/]+\/fs$/;

/** What others may write, and what at the top they may read. */
async function openToOthers(folder: string, top = true): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() || OF_IMAGES.test(path)) continue;
    const { mode } = await lstat(path);
    if ((mode & (top && entry.isFile() ? 0o077 : 0o022)) !== 0) {
      found.push(`${path} ${(mode & 0o7777).toString(8)}`);
    }
    if (entry.isDirectory()) found.push(...(await openToOthers(path, false)));
  }
  return found;
}

test('a server started with umask 0 lets others read and write nothing of its own', async (t) => {
  t.timeout(3 * 60_000);
  const lab = await openLab(t, 'modes', { images: { registries: [] } });
  const config = join(lab.folder, 'config.yaml');
  const argv = [
    'sh',
    '-c',
    'umask 0; exec "$@"',
    'sh',
    process.execPath,
    SERVER,
    '--config',
    config,
  ];
  const server = new ServerProcess(lab.namespace.command(argv), join(lab.folder, 'server.log'));
  t.teardown(() => server.end('SIGTERM'));
  await server.start();
  const layout = await makeLayout(join(lab.folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  const state = join(lab.folder, 'state');
  t.is((await lstat(state)).mode & 0o777, 0o700);
  t.is((await lstat(join(lab.folder, 'walt.sock'))).mode & 0o777, 0o660);
  t.deepEqual(await openToOthers(state), []);
  const { code } = await runProgram([...SOMEBODY, 'ls', state]);
  t.not(code, 0);
});
