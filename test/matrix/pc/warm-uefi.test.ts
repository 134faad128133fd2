// Warm reboots of PCs with UEFI, Secure Boot off and on: by kexec into what the server has for them, twice, since the second one begins
// with what the first one has handed over; and kernels that a locked-down kernel refuses.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Machine } from '../../../agent/machines/qemu-arguments.ts';
import { findCertificateTable } from '../../../agent/protocol/pe/certificate-table.ts';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import type { Vm } from '../../../lab/machines/vm.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { eventually, openLab } from '../../support/lab.ts';

const IP = '192.168.152.2';
const BOOT_SECONDS = '600';
const MODEL = 'pc-x86-64';
const CARD = { card: 'virtio-net-pci', cardBootIndex: 1 } as const;
/** A screen, whose memory the firmware has set up: it is handed over too. */
const SCREEN = { extraArguments: ['-device', 'VGA'] } as const;

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly machine: Pick<Machine, 'firmware' | 'card' | 'cardBootIndex'>;
  readonly from: 'stick' | 'pxe';
};

const rows: readonly Row[] = [
  { title: 'UEFI, stick', name: 'wstick', from: 'stick', machine: { firmware: 'uefi-x64' } },
  { title: 'UEFI, network card', name: 'wpxe', from: 'pxe', machine: { firmware: 'uefi-x64' } },
  {
    ...{ title: 'Secure Boot, stick', name: 'wsstick', from: 'stick' },
    machine: { firmware: 'uefi-x64-secure', ...CARD },
  },
  {
    ...{ title: 'Secure Boot, network card', name: 'wspxe', from: 'pxe' },
    machine: { firmware: 'uefi-x64-secure' },
  },
];

/** What a system knows of its firmware, screen and console, and whether all of it started. */
const ASK = [
  'cat /sys/firmware/efi/fw_platform_size /sys/kernel/security/lockdown /proc/fb',
  'ls /sys/firmware/efi/efivars | wc -l',
  "dmesg | grep -o 'ACPI: RSDP 0x[0-9A-F]*\\|Secure boot [a-z]*'",
  'cat /sys/class/tty/console/active',
  'systemctl --failed --no-legend',
].join('; ');

for (const [index, { title, name, machine, from }] of rows.entries()) {
  test.serial(`${title}: a node reboots by kexec, and again`, async (t) => {
    t.timeout(30 * 60_000);
    const { lab, node } = await booted(t, { name, number: index, machine, from });
    const known = await lab.ssh(IP, ASK);
    t.regex(known, /^64\n/);
    t.regex(known, machine.firmware === 'uefi-x64' ? /\[none\]/ : /\[integrity\]/);
    for (const _ of [1, 2]) {
      const before = await bootId(lab);
      await lab.walt('node', 'reboot', node);
      await lab.walt('node', 'wait', node, '--timeout', BOOT_SECONDS);
      t.not(await bootId(lab), before);
      t.regex(await firstFile(lab, node), /\/card\/01-[0-9a-f-]{11}\/start\.grub$/);
      t.is(await lab.ssh(IP, ASK), known);
    }
  });
}

test.serial(
  'a locked-down kernel refuses another one, and the node goes by its firmware',
  async (t) => {
    t.timeout(30 * 60_000);
    const machine = { firmware: 'uefi-x64-secure', ...CARD } as const;
    const { lab, node, pc } = await booted(t, {
      name: 'wrefuse',
      number: 9,
      machine,
      from: 'stick',
    });
    const boot = join(await imageRoot(lab), 'boot', MODEL);
    const kernel = await readFile(join(boot, 'kernel'));
    t.deepEqual(await tryUnsigned(lab, kernel), ['by -s: no', 'by -c: no']);

    // Signed, and changed since: the server takes it for good.
    const changed = Buffer.from(kernel);
    changed.write('changed', 4_000_000);
    const start = await readFile(join(boot, 'start.ipxe'));
    const image = await makeTinyImage(join(lab.folder, 'image'), {
      contents: { [`boot/${MODEL}/kernel`]: changed, [`boot/${MODEL}/start.ipxe`]: start },
    });
    await lab.walt('image', 'import', image, '--name', `waltplatform/${MODEL}-default`);
    let after = (await pc.serial()).length;
    await lab.walt('node', 'reboot', node);
    const said = await pc.waitForSerial(/by GRUB[\s\S]*bad shim signature/, {
      seconds: 400,
      after,
    });
    t.regex(
      said.slice(after),
      /walt: kexec: the kernel was refused: Secure Boot is on[\s\S]*by GRUB/,
    );
    const log = await lab.walt('log', 'show', '--platform', '--history', 'full');
    t.regex(
      log,
      new RegExp(`node ${node} does not come up: by kexec it ended while it loaded files`),
    );
    t.regex(await lab.walt('node', 'show', node), /^reboots by its firmware/m);

    after = (await pc.serial()).length;
    await lab.walt('image', 'import', defaultImage);
    await pc.waitForSerial(/Linux version/, { seconds: 400, after });
    t.notRegex(await lab.walt('node', 'show', node), /^reboots by its firmware/m);
  },
);

type Wanted = Omit<Row, 'title'> & { readonly number: number };

/** A PC that is up in the default image. */
async function booted(
  t: ExecutionContext,
  { name, number, machine, from }: Wanted,
): Promise<{ readonly lab: Lab; readonly node: string; readonly pc: Vm }> {
  const lab = await openLab(t, name);
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  const options = { ...machine, ...SCREEN, name, mac: `52:54:00:00:5e:0${number}` };
  const pc =
    from === 'stick'
      ? await lab.startPc(options)
      : await lab.startMachine({ ...options, bootsFromNetwork: true });
  const node = `node-005e0${number}`;
  await eventually(
    () => lab.walt('device', 'show'),
    (text) => text.includes(node),
    400,
  );
  await lab.walt('node', 'wait', node, '--timeout', BOOT_SECONDS);
  return { lab, node, pc };
}

function bootId(lab: Lab): Promise<string> {
  return lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id');
}

/** What its last boot asked for first. */
async function firstFile(lab: Lab, node: string): Promise<string> {
  const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
  return stages[0].path;
}

/** The default image, as the server sees it: what it mounts is in mounts of its own. */
async function imageRoot(lab: Lab): Promise<string> {
  const folder = join(`/proc/${lab.serverPid()}/root`, lab.folder, 'state/images');
  const [key = ''] = await readdir(folder);
  return join(folder, key, 'fs');
}

/** Offers the node its own kernel without the signature, by both calls. */
async function tryUnsigned(lab: Lab, kernel: Buffer): Promise<string[]> {
  const { offset = 0, size = 0 } = findCertificateTable(kernel.subarray(0, 4096)) ?? {};
  const entry = Buffer.alloc(8);
  entry.writeUInt32LE(offset, 0);
  entry.writeUInt32LE(size, 4);
  const at = kernel.subarray(0, 4096).indexOf(entry);
  const take = `head -c ${offset} /boot/${MODEL}/kernel >/tmp/unsigned`;
  const clear = `dd if=/dev/zero of=/tmp/unsigned bs=1 seek=${at} count=8 conv=notrunc 2>/dev/null`;
  const words = '-l /tmp/unsigned --command-line=panic=1';
  const offer = `for call in -s -c; do kexec $call ${words} && echo "by $call: yes" || echo "by $call: no"; done`;
  return (await lab.ssh(IP, `${take}; ${clear}; ${offer} 2>/dev/null`)).trim().split('\n');
}
