// WalT in a server VM without any package: the bundles, their Node.js, walt-net, and a plain unit.
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { unitText } from './unit-text.ts';
import { makeWaltNet } from './walt-net.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WALT = '/opt/walt';

/** The unit of the server. */
export const SERVER_UNIT = 'walt-server.service';

const FILES: Readonly<Record<string, string>> = {
  [`/etc/systemd/system/${SERVER_UNIT}`]: unitText({
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
export async function installWalt(vm: ServerMachine): Promise<void> {
  const beside = ['writer', 'unpacker', 'matcher'].map((name) => `walt-server-${name}.mjs`);
  const dist = ['walt', 'walt-server', ...beside, 'pxe'];
  await vm.copyIn([
    ...dist.map((name) => ({ from: join(ROOT, 'release/dist', name), to: `${WALT}/${name}` })),
    { from: join(ROOT, 'buildroot-overlay'), to: `${WALT}/buildroot-overlay` },
    { from: join(ROOT, 'node_modules/node/bin/node'), to: `${WALT}/node` },
    { from: join(ROOT, 'node_modules/@lydell'), to: `${WALT}/node_modules/@lydell` },
  ]);
  for (const [path, text] of Object.entries(FILES)) await vm.write(path, text);
  await vm.succeed(`systemctl daemon-reload && systemctl enable ${SERVER_UNIT}`);
  await makeWaltNet(vm);
}

/** Runs the `walt` command in the VM. @returns what it printed. @throws {Error} with what it said */
export function walt(vm: ServerMachine, words: string): Promise<string> {
  return vm.succeed(`${WALT}/walt ${words}`);
}
