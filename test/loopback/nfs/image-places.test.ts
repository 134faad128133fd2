// The state of the server in a place that programs may misread: its path leads over a link, and has a comma, a colon, spaces
// and a letter beyond ASCII. A node reads its image from there, whatever becomes of the server.
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const LOADER = join(import.meta.dirname, '../../../lab/firmware/loader.sh');
const MAC = '52:54:00:00:0d:01';
const CONTENT = 'what the node reads\n';

type Shown = { readonly nodes: readonly { readonly name: string; readonly state: string }[] };

/** A machine that boots. @returns reads a file of its root as a node does */
async function bootNode(t: ExecutionContext, lab: Lab): Promise<(path: string) => Promise<string>> {
  const folder = await temporaryFolder(t);
  const name = `walt-lab-place1-${process.pid}`;
  const card = { name: 'card', mac: MAC, port: 'port1' };
  const machine = await plugMachine(lab.namespace, { name, card });
  t.teardown(() => machine.remove());
  const loader = ['sh', LOADER, 'card', SERVER, TAKE_ADDRESS, folder];
  const boot = new Background(machine.command(loader));
  t.teardown(() => boot.kill());
  await eventually(
    async () => JSON.parse(await lab.walt('node', 'show', '--all', '--json')) as Shown,
    ({ nodes }) => nodes[0]?.state === 'booted',
    60,
  );
  return async (path) => {
    const url = `nfs://${SERVER}/var/lib/walt/nodes/${MAC}/fs/${path}?version=3`;
    return (await runProgram(machine.command(['nfs-cat', url]))).said;
  };
}

test.serial(
  'a node reads its image wherever the state is, and whatever becomes of the server',
  async (t) => {
    t.timeout(5 * 60_000);
    const lab = await openLab(t, 'iplace', { images: { registries: [] } });
    const place = join(lab.folder, 'a real, ro:ü place');
    await mkdir(place);
    await symlink(place, join(lab.folder, 'state'));
    await lab.startServer();
    const layers = [BOOTABLE, [{ path: 'etc/read', content: CONTENT }]].map(tar);
    const layout = await makeLayout(join(lab.folder, 'made'), layers);
    await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
    const read = await bootNode(t, lab);
    t.is(await read('etc/read'), CONTENT);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await lab.endServer(signal);
      t.is(await read('etc/read'), CONTENT, 'without a server');
      await lab.startServer();
      t.is(await read('etc/read'), CONTENT, 'with a server that mounts it anew');
    }
    t.is((await readdir(join(place, 'images'))).length, 1);
    t.notRegex(await lab.serverLog(), /Cannot/);
  },
);
