// WalT in a server VM without any package: the bundles, their Node.js, a bridge walt-net on the second card, and a plain unit.
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ServerVm } from '../../../lab/server-vm/server-vm.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WALT = '/opt/walt';

/** The unit of the server. */
export const SERVER_UNIT = 'walt-server.service';

const FILES: Readonly<Record<string, string>> = {
  '/etc/systemd/network/20-walt-net.netdev': ini({
    NetDev: { Name: 'walt-net', Kind: 'bridge', MACAddress: '02:00:00:00:00:01' },
    Bridge: { ForwardDelaySec: '0', STP: 'no' },
  }),
  '/etc/systemd/network/21-walt-net.network': ini({
    Match: { Name: 'walt-net' },
    Network: { Address: '192.168.152.1/24', ConfigureWithoutCarrier: 'yes', IPv6AcceptRA: 'no' },
  }),
  '/etc/systemd/network/22-eth1.network': ini({
    Match: { Name: 'eth1' },
    Network: { Bridge: 'walt-net' },
  }),
  [`/etc/systemd/system/${SERVER_UNIT}`]: ini({
    Unit: { Description: 'WalT server', After: 'network.target nfs-server.service' },
    Service: {
      ExecStart: `${WALT}/walt-server --config /etc/walt/server.yaml`,
      // The network may come later than the unit starts: a server without walt-net ends.
      ...{ Restart: 'on-failure', RestartSec: '2' },
    },
    Install: { WantedBy: 'multi-user.target' },
  }),
  '/etc/walt/server.yaml': stringify({
    images: { overlay: `${WALT}/buildroot-overlay`, registries: [] },
    pxe: { folder: `${WALT}/pxe` },
  }),
};

/** Puts WalT into the VM. Its unit is enabled, and not started. @throws {Error} with what failed in the VM */
export async function installWalt(vm: ServerVm): Promise<void> {
  const dist = ['walt', 'walt-server', 'walt-server-writer.mjs', 'walt-server-unpacker.mjs', 'pxe'];
  await vm.copyIn([
    ...dist.map((name) => ({ from: join(ROOT, 'release/dist', name), to: `${WALT}/${name}` })),
    { from: join(ROOT, 'buildroot-overlay'), to: `${WALT}/buildroot-overlay` },
    { from: join(ROOT, 'node_modules/node/bin/node'), to: `${WALT}/node` },
    { from: join(ROOT, 'node_modules/@lydell'), to: `${WALT}/node_modules/@lydell` },
  ]);
  for (const [path, text] of Object.entries(FILES)) await vm.write(path, text);
  await vm.succeed(`systemctl daemon-reload && systemctl enable ${SERVER_UNIT}`);
  await vm.succeed('systemctl restart systemd-networkd');
}

/** Runs the `walt` command in the VM. @returns what it printed. @throws {Error} with what it said */
export function walt(vm: ServerVm, words: string): Promise<string> {
  return vm.succeed(`${WALT}/walt ${words}`);
}

function ini(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(sections)
    .map(([name, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}
