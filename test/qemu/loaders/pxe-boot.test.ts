// PCs without a stick: the firmware's own network boot, from the PXE tree as built, until the default image is up.
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { withoutSignature } from '../../support/bytes/unsigned-kernel.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { asServerSees, eventually, openLab } from '../../support/lab.ts';

const IP = '192.168.152.2';
const DEFAULT = 'waltplatform/pc-x86-64-default';
const BOOT_SECONDS = '400';

test.before((t) => {
  t.timeout(30 * 60_000);
});

/** Paths of the files that the node got, in their order. */
async function filesOf(lab: Lab, node: string): Promise<string[]> {
  const { stages } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
  return stages.flatMap(({ path, outcome }: { path?: string; outcome?: string }) =>
    path !== undefined && outcome === 'complete' ? [path.replace(/^\//, '')] : [],
  );
}

test.serial('a BIOS PC boots by PXE into the default image', async (t) => {
  t.timeout(30 * 60_000);
  const lab = await openLab(t, 'pxebios');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  const mac = '52:54:00:00:0c:01';
  await lab.startMachine({ name: 'pxb', mac, firmware: 'bios', bootsFromNetwork: true });
  await eventually(
    () => lab.serverLog(),
    (log) => log.includes('new node'),
    400,
  );
  await lab.walt('node', 'wait', 'node-000c01', '--timeout', BOOT_SECONDS);
  t.deepEqual(await filesOf(lab, 'node-000c01'), [
    // The card's iPXE, then ours, then our script on it.
    ...['pc.ipxe', 'undionly.kpxe'],
    ...['pc.ipxe', 'autoexec.ipxe'],
    // The initrd in two pieces: the driver of an e1000, and all else.
    ...['start.ipxe', 'kernel', 'cards/01-80-86-10-0e', 'cards/base'],
    // Its system then asks who it is.
    ...['walt-identity', 'walt-facts'],
  ]);
});

test.serial(
  'a PC with Secure Boot is refused an unsigned kernel, says so and retries, and boots a signed one by PXE',
  async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, 'pxesb');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage, '--name', 'lab/whole');
    const [mounted = ''] = globSync(join(lab.folder, 'state/images/*/fs'));
    const signed = join(await asServerSees(lab, mounted), 'boot/pc-x86-64/kernel');
    const unsigned = await makeTinyImage(join(lab.folder, 'unsigned'), {
      contents: {
        'boot/pc-x86-64/kernel': withoutSignature(await readFile(signed)),
        'boot/pc-x86-64/start.ipxe': '#!ipxe\nkernel kernel\ninitrd initrd\nboot\n',
      },
    });
    await lab.walt('image', 'import', unsigned, '--name', DEFAULT);
    t.regex(
      await lab.serverLog(),
      /image waltplatform\/pc-x86-64-default:latest: pc-x86-64: the kernel is not signed: Secure Boot refuses it/,
      'said as soon as the image is here',
    );
    const pc = await lab.startMachine({
      ...{ name: 'pxs', mac: '52:54:00:00:0c:02' },
      ...{ firmware: 'uefi-x64-secure', bootsFromNetwork: true },
    });
    const patience = { seconds: 400 };
    const first = await pc.waitForSerial(
      /Secure Boot on;.*the kernel is\s+\*\* not signed/,
      patience,
    );
    await pc.waitForSerial(/Secure Boot on;.*the kernel is\s+\*\* not signed/, {
      ...patience,
      after: first.length,
    });
    const log = await lab.walt('log', 'show', '--platform', '--history', 'full');
    const reasons = log.match(/node node-000c02 does not start: .*Secure Boot on.*not signed.*/g);
    t.is(reasons?.length, 1, 'said once, however often it tries');
    t.regex(
      await lab.walt('node', 'show', 'node-000c02'),
      /^secure boot: the kernel is not signed: Secure Boot refuses it$/m,
    );

    await lab.walt('image', 'import', defaultImage);
    await lab.walt('node', 'wait', 'node-000c02', '--timeout', BOOT_SECONDS);
    t.regex(await lab.ssh(IP, 'dmesg'), /secureboot: Secure boot enabled/i);
    t.regex(
      await lab.walt('node', 'show', 'node-000c02'),
      /^secure boot: the kernel is signed \(Debian Secure Boot CA\)/m,
    );
    const files = await filesOf(lab, 'node-000c02');
    t.is(files[0], 'shimx64.efi');
    t.true(files.includes('walt/pc-x86-64/52:54:00:00:0c:02/secure/start.grub'));
  },
);
