// A server machine without a machine: Debian with systemd in a container, which has this machine's processor and kernel. It is as fast as
// this machine, which the virtual one (server-vm.ts) is not by far; it has no NFS server of the kernel, and no kernel that loses its power.
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Suite } from '../built.ts';
import { ip } from '../network/ip.ts';
import { BRIDGE } from '../network/namespace.ts';
import { succeed } from '../programs/run-program.ts';
import { watchOver } from '../programs/watchdog.ts';
import { startSystemd } from './container.ts';
import { PluggedMachine } from './plugged-machine.ts';
import {
  beginMachine,
  SECOND_MAC,
  type ServerMachine,
  serverMachine,
  WAY_IN,
} from './server-machine.ts';
import { WayIn } from './way-in.ts';

/**
 * Starts one, and waits until systemd has started all.
 * @param name unlike that of any other of this process; at most 8 characters
 * @param options.suite release of Debian: bookworm unless given
 * @throws {Error} with what systemd said, when it does not come up; with what is missing, on a machine without control groups v2
 */
export async function startServerContainer(
  name: string,
  { suite = 'bookworm' }: { readonly suite?: Suite } = {},
): Promise<ServerMachine> {
  const {
    built,
    folder,
    disk,
    namespace: outside,
    ...beginnings
  } = await beginMachine(name, suite);
  await using parts = beginnings.parts;
  await mask(disk, folder);
  const network = `walt-sb-${name}-${process.pid}`;
  watchOver({ namespaces: [network] });
  await ip('netns', 'add', network);
  parts.defer(async () => {
    await ip('netns', 'delete', network);
  });
  const plug = async (card: string, mac: string, bridge: string) => {
    const peer = ['peer', 'name', card, 'address', mac, 'netns', network];
    await ip('-n', outside.name, 'link', 'add', `box-${card}`, 'type', 'veth', ...peer);
    await ip('-n', outside.name, 'link', 'set', `box-${card}`, 'master', bridge, 'up');
  };
  await plug('eth0', built.mac, WAY_IN.bridge);
  await plug('eth1', SECOND_MAC, BRIDGE);
  const [address = ''] = built.address.split('/');
  const wayIn = new WayIn(outside, { key: built.key, ip: address });
  const machine = new PluggedMachine(wayIn, () => startSystemd({ disk, folder, network, name }));
  parts.defer(() => machine.cutPower());
  await machine.powerOn();
  let shown = 0;
  return serverMachine(machine, {
    namespace: outside,
    show: async (paths) => {
      shown += 1;
      const place = `/srv/shown/${shown}`;
      await wayIn.copyIn(paths.map((from) => ({ from, to: join(place, basename(from)) })));
      return place;
    },
    parts: parts.move(),
  });
}

/** Nobody sits at its console; and what needs file systems of a kernel with NFS fails, or waits for a minute, where there are none. */
const MASKED = [
  ...['console-getty.service', 'nfs-server.service', 'nfs-blkmap.service', 'rpc-statd.service'],
  ...['proc-fs-nfsd.mount', 'run-rpc_pipefs.mount'],
];

async function mask(disk: string, folder: string): Promise<void> {
  const script = join(folder, 'mask');
  const lines = MASKED.map((unit) => `symlink /etc/systemd/system/${unit} /dev/null\n`);
  await writeFile(script, lines.join(''));
  await succeed(['debugfs', '-w', '-f', script, disk]);
}
