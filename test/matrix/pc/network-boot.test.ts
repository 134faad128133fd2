// PCs without a stick, of more kinds than test/qemu/loaders/pxe-boot.test.ts has time for: each until it is booted.
import { join } from 'node:path';
import test from 'ava';
import type { Machine } from '../../../agent/machines/qemu-arguments.ts';
import { eventually, openLab } from '../../support/lab.ts';

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly machine: Pick<Machine, 'firmware' | 'cpu' | 'extraArguments'>;
  readonly model: 'pc-x86-64' | 'pc-x86-32';
  /** files that show the way it took, in their order */
  readonly way: readonly string[];
  /** what the kernel says of itself */
  readonly kernelSays?: RegExp;
};

/** Switches of QEMU's firmware: without PXE, HTTP boot is what is left (EDK2, OvmfPkg/README, "opt/org.tianocore"). */
const ONLY_HTTP = ['IPv4PXESupport', 'IPv6PXESupport'].flatMap((name) => [
  '-fw_cfg',
  `name=opt/org.tianocore/${name},string=n`,
]);

const rows: readonly Row[] = [
  {
    title: 'a BIOS PC with a 32-bit CPU, by PXE',
    name: 'n32',
    machine: { firmware: 'bios', cpu: 'qemu32' },
    model: 'pc-x86-32',
    way: ['pc.ipxe', 'undionly.kpxe', 'autoexec.ipxe', 'start.ipxe', 'kernel'],
  },
  {
    title: 'a UEFI PC without Secure Boot, by PXE',
    name: 'nx64',
    machine: { firmware: 'uefi-x64' },
    model: 'pc-x86-64',
    way: ['shimx64.efi', 'grubx64.efi', 'grub/grub.cfg', 'kernel'],
    kernelSays: /Secure boot disabled/i,
  },
  {
    title: 'a PC with 32-bit UEFI, by PXE',
    name: 'nia32',
    machine: { firmware: 'uefi-ia32' },
    model: 'pc-x86-64',
    way: ['bootia32.efi', 'grub/grub.cfg', 'walt/pc-x86-64/start.grub', 'kernel'],
  },
  {
    title: 'a UEFI PC with Secure Boot, by HTTP boot',
    name: 'nhttp',
    machine: { firmware: 'uefi-x64-secure', extraArguments: ONLY_HTTP },
    model: 'pc-x86-64',
    way: ['pxe/shimx64.efi', 'pxe/grubx64.efi', 'walt/pc-x86-64/secure/start.grub', 'kernel'],
    kernelSays: /Secure boot enabled/i,
  },
  {
    title: 'a UEFI PC without Secure Boot, by HTTP boot',
    name: 'nhttpx',
    machine: { firmware: 'uefi-x64', extraArguments: ONLY_HTTP },
    model: 'pc-x86-64',
    way: ['pxe/shimx64.efi', 'pxe/grubx64.efi', 'walt/pc-x86-64/start.grub', 'kernel'],
    kernelSays: /Secure boot disabled/i,
  },
];

for (const [index, { title, name, machine, model, way, kernelSays }] of rows.entries()) {
  test.serial(`${title}, boots its default image`, async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, name);
    await lab.startServer();
    const image = join(import.meta.dirname, `../../release/dist/images/${model}.oci.tar`);
    await lab.walt('image', 'import', image);
    const mac = `52:54:00:00:0d:0${index}`;
    const node = `node-000d0${index}`;
    await lab.startMachine({ ...machine, name, mac, bootsFromNetwork: true });
    await eventually(
      () => lab.serverLog(),
      (log) => log.includes(` name=${node} model=${model} `),
      600,
    );
    await lab.walt('node', 'wait', node, '--timeout', '900');
    const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
    const files: string[] = stages.flatMap((stage: { path?: string; outcome?: string }) =>
      stage.outcome === 'complete'
        ? [String(stage.path).replace(/\/+/g, '/').replace(/^\//, '').replace(`${mac}/`, '')]
        : [],
    );
    t.deepEqual(
      way.filter((file) => files.includes(file)),
      way,
      files.join(' '),
    );
    t.regex(
      await lab.ssh('192.168.152.2', 'cat /proc/cmdline'),
      new RegExp(`BOOTIF=01-${mac.replaceAll(':', '-')}`),
    );
    if (kernelSays !== undefined) t.regex(await lab.ssh('192.168.152.2', 'dmesg'), kernelSays);
  });
}
