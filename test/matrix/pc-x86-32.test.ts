// Old PCs from the stick as it ships, on processors without 64-bit mode, until they are booted in their default image.
import { join } from 'node:path';
import test from 'ava';
import type { Machine } from '../../scripts/platform/vm/qemu-arguments.ts';
import { eventually, openLab } from '../support/lab.ts';

const IMAGE = join(import.meta.dirname, '../../release/dist/images/pc-x86-32.oci.tar');
const IP = '192.168.152.2';

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly machine: Pick<Machine, 'firmware' | 'cpu' | 'card' | 'cardBootIndex'>;
  /** what the node says of its firmware */
  readonly firmwareIs: 'bios' | 'efi32';
};

const rows: readonly Row[] = [
  {
    title: 'a BIOS PC with a 32-bit CPU',
    name: 'pc32',
    machine: { firmware: 'bios', cpu: 'qemu32' },
    firmwareIs: 'bios',
  },
  {
    title: 'a PC with 32-bit UEFI and a 32-bit CPU',
    name: 'efi32',
    machine: {
      ...{ firmware: 'uefi-ia32', cpu: 'coreduo' },
      // OVMF has a driver for this card, and starts it only when it has a place in the boot order.
      ...{ card: 'virtio-net-pci', cardBootIndex: 1 },
    },
    firmwareIs: 'efi32',
  },
];

/** On the node: the width of its UEFI, if it has any. */
const ASK_FIRMWARE =
  'echo $([ -d /sys/firmware/efi ] && sed s/^/efi/ /sys/firmware/efi/fw_platform_size || echo bios)';

for (const [index, { title, name, machine, firmwareIs }] of rows.entries()) {
  test.serial(`${title} boots the pc-x86-32 image from the stick`, async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, name);
    await lab.startServer();
    await lab.walt('image', 'import', IMAGE);
    const node = `node-00320${index}`;
    await lab.startPc({ ...machine, name, mac: `52:54:00:00:32:0${index}` });
    await eventually(
      () => lab.serverLog(),
      (log) => log.includes(` name=${node} model=pc-x86-32 `),
      300,
    );
    await lab.walt('node', 'wait', node, '--timeout', '900');
    const { node: shown, stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
    t.is(shown.model, 'pc-x86-32');
    const kinds = stages.map(({ stage }: { stage: string }) => stage);
    t.deepEqual([...new Set(kinds)], ['dhcp', 'file', 'mounted', 'booted']);
    t.regex(await lab.ssh(IP, 'uname -m; dpkg --print-architecture'), /^i686\ni386$/m);
    t.is(await lab.ssh(IP, ASK_FIRMWARE), `${firmwareIs}\n`);
    t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
  });
}
