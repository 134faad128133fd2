// PCs from the stick as it ships, of more kinds than test/qemu has time for: each until it is booted in its default image.
import { join } from 'node:path';
import test from 'ava';
import type { Machine } from '../../../agent/machines/qemu-arguments.ts';
import { eventually, openLab } from '../../support/lab.ts';

const IMAGES = join(import.meta.dirname, '../../../release/dist/images');
const IP = '192.168.152.2';

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly machine: Pick<Machine, 'firmware' | 'cpu' | 'card' | 'cardBootIndex'>;
  readonly model: 'pc-x86-64' | 'pc-x86-32';
  /** what the node says of itself: kernel, Debian, firmware */
  readonly says: string;
};

// OVMF has a driver for this card, and starts it only when it has a place in the boot order.
const IA32 = { firmware: 'uefi-ia32', card: 'virtio-net-pci', cardBootIndex: 1 } as const;

const rows: readonly Row[] = [
  {
    title: 'a BIOS PC with a 32-bit CPU',
    name: 'pc32',
    machine: { firmware: 'bios', cpu: 'qemu32' },
    model: 'pc-x86-32',
    says: 'i686 i386 bios',
  },
  {
    title: 'a PC with 32-bit UEFI and a 32-bit CPU',
    name: 'efi32',
    machine: { ...IA32, cpu: 'coreduo' },
    model: 'pc-x86-32',
    says: 'i686 i386 efi32',
  },
  {
    title: 'a PC with 32-bit UEFI and a 64-bit CPU',
    name: 'mixed',
    machine: IA32,
    model: 'pc-x86-64',
    says: 'x86_64 amd64 efi32',
  },
];

const ASK =
  'uname -m; dpkg --print-architecture; ' +
  'if [ -d /sys/firmware/efi ]; then sed s/^/efi/ /sys/firmware/efi/fw_platform_size; else echo bios; fi';

for (const [index, { title, name, machine, model, says }] of rows.entries()) {
  test.serial(`${title} boots the ${model} image from the stick`, async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, name);
    await lab.startServer();
    await lab.walt('image', 'import', join(IMAGES, `${model}.oci.tar`));
    const node = `node-00320${index}`;
    await lab.startPc({ ...machine, name, mac: `52:54:00:00:32:0${index}` });
    await eventually(
      () => lab.serverLog(),
      (log) => log.includes(` name=${node} model=${model} `),
      600,
    );
    await lab.walt('node', 'wait', node, '--timeout', '900');
    const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
    const kinds = stages.map(({ stage }: { stage: string }) => stage);
    t.deepEqual(
      [...new Set(kinds)].filter((kind) => kind !== 'dhcp'),
      ['file', 'mounted', 'booted'],
    );
    t.is((await lab.ssh(IP, ASK)).trim().replaceAll('\n', ' '), says);
    t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
  });
}
