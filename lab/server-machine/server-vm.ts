// A whole machine for a WalT server: Debian with systemd in a virtual machine (emulated), with one card to come in by and
// one on walt-net, where other machines can be plugged in beside it. All of it is gone when it is closed.
import { join } from 'node:path';
import type { Suite } from '../built.ts';
import { startVm } from '../machines/vm.ts';
import { openNamespace } from '../network/namespace.ts';
import { PluggedMachine } from './plugged-machine.ts';
import {
  beginMachine,
  SECOND_MAC,
  type ServerMachine,
  serverMachine,
  WAY_IN,
} from './server-machine.ts';
import { makeShelf } from './shelf.ts';
import { WayIn } from './way-in.ts';

const SECOND_TAP = 'server-vm';

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
): Promise<ServerMachine> {
  const { built, folder, disk, namespace, ...beginnings } = await beginMachine(name, suite);
  await using parts = beginnings.parts;
  await namespace.addTap(SECOND_TAP);
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
  return serverMachine(machine, {
    namespace,
    show: (paths) => shelf.show(paths, machine.wayIn),
    parts: parts.move(),
  });
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
