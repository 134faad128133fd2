// Our U-Boot on QEMU's 64-bit ARM machine loads the default image of Raspberry Pis over a line that loses packets, and starts its kernel.
import { join } from 'node:path';
import test from 'ava';
import { buildQemuUBoot } from '../../../lab/built.ts';
import { losePackets, packetsLost } from '../../../lab/network/lossy-tap.ts';
import { openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PERCENT = 2;
/** On a line that loses nothing it takes some 20, on this one some 60 more. */
const MOST_SECONDS = 300;
const GAVE_UP = /Retry count exceeded|Cannot get the|started no system|resetting/;
const KERNEL_RUNS = /Booting Linux on physical CPU/;

test.serial(`a kernel starts that came where ${PERCENT} % are lost each way`, async (t) => {
  t.timeout(20 * 60_000);
  const bios = await buildQemuUBoot();
  const lab = await openLab(t, 'lossy');
  await lab.startServer();
  await lab.walt('image', 'import', join(ROOT, 'release/dist/images/rpi-arm64.oci.tar'));
  const board = await lab.startMachine({
    ...{ name: 'lossy', mac: '52:54:00:00:a2:02', firmware: 'u-boot-arm64', bios },
  });
  await losePackets(lab.namespace, { tap: 't-lossy', percent: PERCENT });
  const ends = new RegExp(`${GAVE_UP.source}|${KERNEL_RUNS.source}`);
  const said = await board.waitForSerial(ends, { seconds: MOST_SECONDS });
  t.notRegex(said, GAVE_UP);
  t.regex(said, KERNEL_RUNS);
  // Of some 14,000 blocks and as many answers.
  t.true((await packetsLost(lab.namespace)) > 50);
  const { stages } = JSON.parse(await lab.walt('node', 'show', 'node-00a202', '--json'));
  const paths = stages.flatMap(({ path }: { path?: string }) => path ?? []);
  // How they ended is not asked: where the last answer is lost, the server never hears that all has arrived.
  t.deepEqual([...new Set(paths)], ['start.uboot', 'kernel', 'initrd']);
});
