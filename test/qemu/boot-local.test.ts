// Machines that are told to start from their own disks, with real firmware: the system of the disk starts, and an image brings
// them back. More kinds are in test/matrix/pc/boot-local.test.ts, boards in test/matrix/boards/boot-local-boards.test.ts.
import { join } from 'node:path';
import test from 'ava';
import { makeCoralBoard } from '../../lab/boards/coral.ts';
import { makeCoralImage } from '../support/coral/image.ts';
import { makeTinyImage } from '../support/images/tiny-image.ts';
import { openLab } from '../support/lab.ts';
import { makeBiosDisk } from '../support/local-disk/bios-disk.ts';

const PATIENCE = { seconds: 300 };
const TOLD = /^Node \S+ will now boot from the local disk\.$/m;

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
    await makeBiosDisk(disk, 'the system of the disk runs');
    const pc = await lab.startMachine({
      ...{ name: 'local', mac: '52:54:00:00:0e:01', firmware: 'bios', bootsFromNetwork: true },
      extraArguments: ['-drive', `if=ide,format=raw,file=${disk}`],
    });
    await pc.waitForSerial(/the image of this node starts/, PATIENCE);
    t.regex(await lab.walt('node', 'boot', 'node-000e01', 'boot-local'), TOLD);
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

test.serial('a Coral Dev Board starts its own boot.scr.orig, then an image again', async (t) => {
  t.timeout(10 * 60_000);
  const lab = await openLab(t, 'localco');
  await lab.startServer();
  const image = await makeCoralImage(join(lab.folder, 'image'), { says: 'the tiny kernel runs' });
  await lab.walt('image', 'import', image, '--name', 'waltplatform/coral-dev-board-default');
  const { bios, extraArguments } = await makeCoralBoard(join(lab.folder, 'board'));
  const board = await lab.startMachine({
    ...{ name: 'localco', mac: '52:54:00:00:0e:03', firmware: 'u-boot-arm64' },
    ...{ bios, extraArguments },
  });
  await board.waitForSerial(/the tiny kernel runs/, PATIENCE);
  t.regex(await lab.walt('node', 'boot', 'node-000e03', 'boot-local'), TOLD);
  let after = (await board.serial()).length;
  await board.control('system_reset');
  const told = /start from its own disk[\s\S]*the original system of this board/;
  await board.waitForSerial(told, { ...PATIENCE, after });
  await lab.walt('node', 'boot', 'node-000e03', 'default');
  after = (await board.serial()).length;
  await board.control('system_reset');
  await board.waitForSerial(/the tiny kernel runs/, { ...PATIENCE, after });
});
