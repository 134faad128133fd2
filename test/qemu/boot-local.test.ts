// Machines that are told to start from their own disks, with real firmware: the system of the disk starts, and an image brings
// them back. More kinds are in test/matrix/boot-local.test.ts.
import { join } from 'node:path';
import test from 'ava';
import { makeTinyImage } from '../support/images/tiny-image.ts';
import { openLab } from '../support/lab.ts';
import { makeBiosDisk } from '../support/local-disk/bios-disk.ts';

const PATIENCE = { seconds: 300 };

test.serial(
  'a BIOS PC without a stick starts from its disk, then from an image again',
  async (t) => {
    t.timeout(10 * 60_000);
    const lab = await openLab(t, 'local');
    await lab.startServer();
    const script = '#!ipxe\necho the image of this node starts\nsleep 1000\n';
    const image = await makeTinyImage(join(lab.folder, 'image'), {
      contents: { 'boot/pc-x86-64/start.ipxe': script },
    });
    await lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default');
    const disk = join(lab.folder, 'disk.img');
    const pc = await lab.startMachine({
      ...{ name: 'local', mac: '52:54:00:00:0e:01', firmware: 'bios', bootsFromNetwork: true },
      extraArguments: ['-drive', `if=ide,format=raw,file=${disk}`],
      ...(await makeBiosDisk(disk, 'the system of the disk runs').then(() => ({}))),
    });
    await pc.waitForSerial(/the image of this node starts/, PATIENCE);
    t.regex(
      await lab.walt('node', 'boot', 'node-000e01', 'boot-local'),
      /will now boot from the local disk/,
    );
    let after = (await pc.serial()).length;
    await pc.control('system_reset');
    await pc.waitForSerial(/start from its own disk[\s\S]*the system of the disk runs/, {
      ...PATIENCE,
      after,
    });
    t.regex(await lab.walt('node', 'show', 'node-000e01'), /now in the system of its own disk/);
    await lab.walt('node', 'boot', 'node-000e01', 'default');
    after = (await pc.serial()).length;
    await pc.control('system_reset');
    await pc.waitForSerial(/the image of this node starts/, { ...PATIENCE, after });
  },
);
