// A fresh machine that is to become a server, and two releases of WalT for it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from '../../../lab/built.ts';
import { ip } from '../../../lab/network/ip.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { startServerContainer } from '../../../lab/server-machine/server-container.ts';
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { startServerVm } from '../../../lab/server-machine/server-vm.ts';
import { type Namespace, plugMachine } from '../namespace.ts';
import { type InstalledWalt, installedWalt } from './installed-walt.ts';
import { laterCheckout } from './later-checkout.ts';
import { buildPackages, installPackages } from './packages.ts';
import { smallImage } from './small-image.ts';

/** What the first release is called. */
export const FIRST = '0.1.0';

/** What the later release is called. It has one migration more. */
export const NEXT = '0.1.0+next';

/** Asked whether a package may start a service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** What a server machine is. */
export type MachineKind = 'vm' | 'container';

/** The machine, and packages that are not installed yet. */
export type FreshMachine = {
  readonly vm: ServerMachine;
  readonly server: InstalledWalt;
  /** a machine on walt-net that is no node */
  readonly neighbour: Namespace;
  /** a folder that is removed with the machine */
  readonly folder: string;
  /** Installs the first release: the server runs, on a virtual walt-net. */
  install(): Promise<void>;
  /** The same where the machine's administrator has said that packages start no services (policy-rc.d): `setUp()` starts it. */
  installAtRest(): Promise<void>;
  /** Gives the server the second card of the machine, behind which others are. */
  setUp(): Promise<void>;
  /** Installs the later one. */
  upgrade(): Promise<void>;
  /** Installs the first one again. @throws {Error} with what dpkg said, where that is refused */
  goBack(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Starts the machine while the packages are built.
 * @param name as of `startServerVm`
 * @param options.kind a virtual machine, or a container, which is as fast as this machine: `vm` unless given
 * @param options.hasImage the first release brings an image for PCs, a small one
 * @param options.suite release of Debian: bookworm unless given
 */
export async function freshMachine(
  name: string,
  {
    hasImage,
    kind = 'vm',
    suite = 'bookworm',
  }: { readonly hasImage: boolean; readonly kind?: MachineKind; readonly suite?: Suite },
): Promise<FreshMachine> {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'walt-installed-'));
  watchOver({ folders: [folder] });
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const start = kind === 'vm' ? startServerVm : startServerContainer;
  const starting = start(name, { suite });
  parts.defer(async () => (await starting).close());
  const images = hasImage ? { 'pc-x86-64': await smallImage() } : {};
  const first = await buildPackages(folder, { version: FIRST, images });
  const root = await laterCheckout(join(folder, 'checkout'));
  const next = await buildPackages(folder, { version: NEXT, images: {}, root });
  const vm = await starting;
  const server = installedWalt(vm);
  const neighbour = await plugNeighbour(vm, name);
  parts.defer(() => neighbour.remove());
  const whole = parts.move();
  return {
    ...{ vm, server, neighbour, folder },
    install: async () => {
      await installPackages(vm, first);
      await server.untilItAnswers();
    },
    installAtRest: async () => {
      await vm.write(POLICY, '#!/bin/sh\nexit 101\n');
      await vm.succeed(`chmod 755 ${POLICY}`);
      await installPackages(vm, first);
      await vm.succeed(`rm ${POLICY}`);
    },
    setUp: async () => {
      const command = 'walt-server-setup --interface eth1 --yes';
      const { stdout, stderr } = await vm.run(command, { seconds: 1800 });
      // It ends with what the doctor finds, whose checks wait for seconds only: too few where machines share an emulated processor.
      if (!stdout.includes('\nDone.')) throw new Error(`${command}: ${stdout}${stderr}`);
      await server.untilItIsWell();
    },
    upgrade: async () => {
      await installPackages(vm, next);
      await server.untilItAnswers();
    },
    goBack: async () => {
      const place = await vm.showFiles(first);
      await vm.succeed(`dpkg --install ${place}/walt-server_*.deb`, { seconds: 1800 });
      await server.untilItAnswers();
    },
    close: () => whole.disposeAsync(),
  };
}

async function plugNeighbour(vm: ServerMachine, name: string): Promise<Namespace> {
  const card = { name: 'card', mac: '52:54:00:00:0c:01', port: 'port' };
  const network = `walt-nb-${name}-${process.pid}`;
  const neighbour = await plugMachine(vm.namespace, { name: network, card });
  await ip('-n', network, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  return neighbour;
}
