// PCs that are told to start from their own disks, of more kinds than test/qemu/boot-local.test.ts has time for.
import { join } from 'node:path';
import test from 'ava';
import type { Machine } from '../../../agent/machines/qemu-arguments.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { openLab } from '../../support/lab.ts';
import { makeBiosDisk } from '../../support/local-disk/bios-disk.ts';
import { makeEfiDisk } from '../../support/local-disk/efi-disk.ts';

const PATIENCE = { seconds: 600 };
const SAYS = 'the system of the disk runs';
const TOLD = /start from its own disk/;
/** By iPXE the script of the image says the one, by GRUB the server the other, since that script starts nothing. */
const FROM_IMAGE = /the image of this node starts|Cannot start \S+ from waltplatform/;

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly machine: Pick<Machine, 'firmware' | 'card' | 'cardBootIndex'>;
  /** from the stick, or without it by PXE */
  readonly from: 'stick' | 'pxe';
  /** its disk has these programs; `sector`: a boot sector; `useless`: one that gives up; none: there is no disk */
  readonly disk: Readonly<Record<string, string>> | 'sector' | 'useless' | 'none';
};

// OVMF starts this card only when it has a place in the boot order.
const CARD = { card: 'virtio-net-pci', cardBootIndex: 1 } as const;
const installed = (folder: string) => ({
  [`EFI/${folder}/shimx64.efi`]: 'shimx64.efi',
  [`EFI/${folder}/grubx64.efi`]: 'grubx64.efi',
});
const REMOVABLE = { 'EFI/BOOT/BOOTX64.EFI': 'shimx64.efi', 'EFI/BOOT/grubx64.efi': 'grubx64.efi' };

const rows: readonly Row[] = [
  {
    ...{ title: 'a BIOS PC from the stick', name: 'lbios', from: 'stick', disk: 'sector' },
    machine: { firmware: 'bios' },
  },
  {
    ...{ title: 'a UEFI PC from the stick', name: 'lx64', from: 'stick' },
    ...{ machine: { firmware: 'uefi-x64' }, disk: installed('debian') },
  },
  {
    title: 'a UEFI PC from the stick, with a boot loader where the stick has its own',
    ...{ name: 'lx64r', from: 'stick', disk: REMOVABLE },
    machine: { firmware: 'uefi-x64', ...CARD },
  },
  {
    ...{ title: 'a UEFI PC by PXE', name: 'lpx64', from: 'pxe', disk: REMOVABLE },
    machine: { firmware: 'uefi-x64' },
  },
  {
    ...{ title: 'a UEFI PC with Secure Boot, by PXE', name: 'lpsec', from: 'pxe' },
    ...{ machine: { firmware: 'uefi-x64-secure' }, disk: installed('other') },
  },
  {
    ...{ title: 'a PC with 32-bit UEFI from the stick', name: 'lia32', from: 'stick' },
    machine: { firmware: 'uefi-ia32', ...CARD },
    disk: { 'EFI/BOOT/BOOTIA32.EFI': 'bootia32.efi' },
  },
  {
    ...{ title: 'a BIOS PC without a disk', name: 'nbios', from: 'pxe', disk: 'none' },
    machine: { firmware: 'bios' },
  },
  {
    ...{ title: 'a BIOS PC with a useless disk', name: 'ubios', from: 'pxe', disk: 'useless' },
    machine: { firmware: 'bios' },
  },
  {
    ...{ title: 'a UEFI PC with Secure Boot without a disk', name: 'nsec', from: 'pxe' },
    ...{ machine: { firmware: 'uefi-x64-secure' }, disk: 'none' },
  },
];

/** In the boot order: OVMF starts no other disks, and GRUB knows those only. */
async function makeDisk(file: string, disk: Row['disk']): Promise<string[]> {
  if (disk === 'none') return [];
  if (disk === 'sector') await makeBiosDisk(file, SAYS);
  else if (disk === 'useless') await makeBiosDisk(file, 'no system here', 'gives up');
  else await makeEfiDisk(file, { programs: disk, says: SAYS });
  return [
    ...['-drive', `if=none,id=own,format=raw,file=${file}`],
    ...['-device', 'virtio-blk-pci,drive=own,bootindex=2'],
  ];
}

for (const [index, { title, name, machine, from, disk }] of rows.entries()) {
  test.serial(`${title}: boot-local, and back`, async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, name);
    await lab.startServer();
    const script = '#!ipxe\necho the image of this node starts\nsleep 10\n';
    const image = await makeTinyImage(join(lab.folder, 'image'), {
      contents: { 'boot/pc-x86-64/start.ipxe': script },
    });
    await lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default');
    const node = `node-000e1${index}`;
    const extraArguments = await makeDisk(join(lab.folder, 'own.img'), disk);
    const options = { ...machine, name, mac: `52:54:00:00:0e:1${index}`, extraArguments };
    const pc =
      from === 'stick'
        ? await lab.startPc(options)
        : await lab.startMachine({ ...options, bootsFromNetwork: true });
    await pc.waitForSerial(FROM_IMAGE, PATIENCE);
    await lab.walt('node', 'boot', node, 'boot-local');
    let after = (await pc.serial()).length;
    await pc.control('system_reset');
    const hasNothing = disk === 'none' || disk === 'useless';
    const expected = hasNothing ? /(No system on a disk[\s\S]*){2}/ : new RegExp(SAYS);
    const said = await pc.waitForSerial(expected, { ...PATIENCE, after });
    t.regex(said.slice(after), TOLD);
    await lab.walt('node', 'boot', node, 'default');
    after = said.length;
    if (!hasNothing) await pc.control('system_reset');
    await pc.waitForSerial(FROM_IMAGE, { ...PATIENCE, after });
  });
}
