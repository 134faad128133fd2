// The default image of the Coral Dev Board, all of it, on QEMU's ARM machine: started by the archive's script, as on the board.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeCoralBoard } from '../../../lab/boards/coral.ts';
import { $ } from '../../../scripts/run.ts';
import { adaptToMachine } from '../../support/coral/image.ts';
import { eventually, openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ARCHIVE = join(ROOT, 'release/dist/images/coral-dev-board.oci.tar');
const MODEL = 'coral-dev-board';
const NAME = 'node-00c002';
const IP = '192.168.152.2';
const BOOT_SECONDS = 900;

test.serial('the default image of a Coral Dev Board boots', async (t) => {
  t.timeout(40 * 60_000);
  const lab = await openLab(t, 'coralimg');
  await lab.startServer();
  const image = await imageForMachine(join(lab.folder, 'image'));
  await lab.walt('image', 'import', image, '--name', `waltplatform/${MODEL}-default:latest`);
  const board = await makeCoralBoard(join(lab.folder, 'board'));
  await lab.startMachine({
    ...{ name: 'coral', mac: '52:54:00:00:c0:02', firmware: 'u-boot-arm64', ...board },
  });
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  await eventually(log, (text) => text.includes(`new node name=${NAME} model=${MODEL} `), 300);
  await lab.walt('node', 'wait', NAME, '--timeout', String(BOOT_SECONDS));

  const { stages } = JSON.parse(await lab.walt('node', 'show', NAME, '--json'));
  const kinds = stages.map(({ stage }: { stage: string }) => stage);
  t.deepEqual([...new Set(kinds)], ['dhcp', 'file', 'mounted', 'booted']);
  t.is(await lab.ssh(IP, 'uname -m'), 'aarch64\n');
  t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
});

/** The image as built, but for what this machine has otherwise. */
async function imageForMachine(folder: string): Promise<string> {
  await mkdir(folder);
  const layout = join(folder, 'layout');
  await $`skopeo copy --quiet oci-archive:${ARCHIVE} oci:${layout}:coral`;
  await adaptToMachine(`${layout}:coral`, folder);
  return layout;
}
