// A server with nodes and images whose names a shell is to complete, and the environment in which a real shell asks for them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../test-platform.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** What `walt` says is kept: it would be started anew for each line. */
export const WALT_IN_SHELL = `
walt() {
  [ -e "$cache/$2-$3-$4" ] || "$node" "$main" "$@" > "$cache/$2-$3-$4"
  cat "$cache/$2-$3-$4"
}`;

/** Nodes `one` and `two`, a virtual one `vm`, images `web` and `web:v2` of alice and one of bob's, two media; a file and a folder in `here`. */
export async function completionLab(t: ExecutionContext) {
  const mediaFolder = await temporaryFolder(t);
  for (const name of ['pc-usb.dd.gz', 'pxe.tar.gz']) await writeFile(join(mediaFolder, name), '');
  const platform = await startTestPlatform({ mediaFolder });
  t.teardown(platform.close);
  const { images, registry, folder, socket } = platform;
  const layout = await makeTinyImage(join(folder, 'made'), {});
  await images.import(layout, { name: DEFAULT, progress: () => undefined });
  for (const name of ['alice/web', 'alice/web:v2', 'bob/board']) await images.alias(DEFAULT, name);
  await put(registry, nodeNamed('one', { ip: '127.0.152.11' }));
  await put(registry, nodeNamed('two', { ip: '127.0.152.12' }));
  const machine = { isOff: true };
  await put(registry, nodeNamed('vm', { ip: '127.0.152.13', image: 'bob/board:latest', machine }));
  const here = await temporaryFolder(t);
  await writeFile(join(here, 'web.txt'), '');
  await mkdir(join(here, 'website'));
  return { socket, here };
}

/** Words for env(1), and the folder that an attack would leave a file in. */
export async function shellEnvironment(t: ExecutionContext, server: string) {
  const cache = await temporaryFolder(t);
  const programs = [`node=${process.execPath}`, `main=${WALT}`, `cache=${cache}`];
  return { cache, environment: [...programs, `WALT_SOCKET=${server}`, 'WALT_USER=alice'] };
}
