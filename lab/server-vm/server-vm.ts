// A whole machine for a WalT server: Debian with systemd in a virtual machine (emulated), with one card to come in by and
// one on walt-net, where other machines can be plugged in beside it. All of it is gone when it is closed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVm } from '../../agent/machines/vm.ts';
import { buildServerVm, type Suite } from '../built.ts';
import { ip } from '../network/ip.ts';
import { createNamespace, type Namespace, openNamespace } from '../network/namespace.ts';
import { succeed } from '../programs/run-program.ts';
import { watchOver } from '../programs/watchdog.ts';
import { PluggedMachine } from './plugged-machine.ts';
import { makeShelf, type Shelf } from './shelf.ts';
import { type Copy, type Ended, WayIn } from './way-in.ts';

/** The bridge of the card to come in by, and the address of our end. */
const WAY_IN = { bridge: 'way-in', address: '10.152.0.1/24' };
/** Of the bridge walt-net in the namespace: no address of walt-net, whose server is the VM. */
const OUTSIDE = '10.152.1.1/24';
/** Of the card on walt-net, which is eth1 in the VM. */
const SECOND_MAC = '52:54:00:5e:00:02';
const SECOND_TAP = 'server-vm';

/** A server VM that runs, or whose plug is pulled. */
export type ServerVm = {
  /** its bridge `walt-net` has the VM's second card, eth1, in it */
  readonly namespace: Namespace;
  /** Runs a shell command as root, whatever it ends with. @param options.seconds after which it counts as failed: 300 */
  run(
    command: string,
    options?: { readonly seconds?: number; readonly input?: string },
  ): Promise<Ended>;
  /** The same, for a command that has to end well. @returns what it printed. @throws {Error} with what it said */
  succeed(command: string, options?: { readonly seconds?: number }): Promise<string>;
  /** Copies files and folders of this machine into it, with their modes. */
  copyIn(copies: readonly Copy[]): Promise<void>;
  /**
   * Shows it files of this machine on disks of their own, six times at most: for files that take long by ssh. They can be read only.
   * @returns the folder where it has them, until its power is cut
   */
  showFiles(paths: readonly string[]): Promise<string>;
  /** Writes a text file in it. */
  write(path: string, text: string): Promise<void>;
  /** Reboots it as its operator would, and waits until it is up. */
  reboot(): Promise<void>;
  /** Pulls the plug. What its kernel had not written to the disk is lost. */
  cutPower(): Promise<void>;
  /** Starts it after the plug was pulled, and waits until it is up. */
  powerOn(): Promise<void>;
  /** All that its console has shown since it was last powered on. */
  serial(): Promise<string>;
  /** Ends it, and removes all that it had. */
  close(): Promise<void>;
};

/**
 * Starts one, and waits until systemd has started all.
 * @param name unlike that of any other of this process; at most 8 characters
 * @param options.suite release of Debian: bookworm unless given
 * @param options.memoryMiB 2048 unless given; a virtual node inside takes its share of it
 * @throws {Error} with the end of its console, when it does not come up within 20 minutes
 */
export async function startServerVm(
  name: string,
  {
    memoryMiB = 2048,
    suite = 'bookworm',
  }: { readonly memoryMiB?: number; readonly suite?: Suite } = {},
): Promise<ServerVm> {
  const built = await buildServerVm(suite);
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), `walt-server-vm-${name}-`));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const disk = join(folder, 'disk');
  await succeed(['cp', '--sparse=always', '--reflink=auto', built.disk, disk], { seconds: 300 });
  const namespace = await makeNetworks(`walt-sv-${name}-${process.pid}`, folder);
  parts.defer(() => namespace.remove());
  const shelf = await makeShelf(join(folder, 'shelf'));
  const [address = ''] = built.address.split('/');
  const machine = new PluggedMachine(new WayIn(namespace, { key: built.key, ip: address }), () =>
    startVm({
      ...{ name: 'server', firmware: 'bios', mac: built.mac, card: 'virtio-net-pci', memoryMiB },
      ...{ kernel: built.kernel, initrd: built.initrd },
      append: 'console=ttyS0 root=/dev/vda rw net.ifnames=0 quiet panic=10',
      network: openNamespace(namespace.name, { bridge: WAY_IN.bridge }),
      serialLog: join(folder, 'serial.log'),
      folder: join(folder, 'qemu'),
      extraArguments: [...diskArguments(disk), ...shelf.arguments, ...SECOND_CARD],
    }),
  );
  parts.defer(() => machine.cutPower());
  await machine.powerOn();
  return serverVm(machine, { namespace, shelf, parts: parts.move() });
}

const SECOND_CARD = [
  ...['-netdev', `tap,id=net1,ifname=${SECOND_TAP},script=no,downscript=no`],
  ...[
    '-device',
    `virtio-net-pci,netdev=net1,mac=${SECOND_MAC},romfile=`,
    '-device',
    'virtio-rng-pci',
  ],
];

function diskArguments(disk: string): string[] {
  const drive = `if=none,id=disk,format=raw,discard=unmap,file=${disk}`;
  return ['-drive', drive, '-device', 'virtio-blk-pci,drive=disk'];
}

async function makeNetworks(name: string, folder: string): Promise<Namespace> {
  watchOver({ namespaces: [name], folders: [folder] });
  const namespace = await createNamespace(name, { address: OUTSIDE });
  await ip('-n', name, 'link', 'add', WAY_IN.bridge, 'type', 'bridge', 'forward_delay', '0');
  await ip('-n', name, 'address', 'add', WAY_IN.address, 'dev', WAY_IN.bridge);
  await ip('-n', name, 'link', 'set', WAY_IN.bridge, 'up');
  await namespace.addTap(SECOND_TAP);
  return namespace;
}

function serverVm(
  machine: PluggedMachine,
  {
    namespace,
    shelf,
    parts,
  }: {
    readonly namespace: Namespace;
    readonly shelf: Shelf;
    readonly parts: AsyncDisposableStack;
  },
): ServerVm {
  const { wayIn } = machine;
  return {
    namespace,
    run: (command, options) => wayIn.run(command, options),
    succeed: (command, options) => wayIn.succeed(command, options),
    copyIn: (copies) => wayIn.copyIn(copies),
    showFiles: (paths) => shelf.show(paths, wayIn),
    write: async (path, text) => {
      await wayIn.succeed(`mkdir -p "$(dirname '${path}')" && cat > '${path}'`, { input: text });
    },
    reboot: () => machine.reboot(),
    cutPower: () => machine.cutPower(),
    powerOn: () => machine.powerOn(),
    serial: () => machine.serial(),
    close: () => parts.disposeAsync(),
  };
}
