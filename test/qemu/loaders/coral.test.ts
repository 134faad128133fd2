// A Coral Dev Board that its owner has made a node: the archive as it ships, run by U-Boot with the board's variables.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type CoralOptions, makeCoralBoard } from '../../../lab/boards/coral.ts';
import { Background } from '../../../lab/programs/background.ts';
import { wrapUBootScript } from '../../../scripts/steps/u-boot-script.ts';
import { makeCoralImage } from '../../support/coral/image.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MODEL = 'coral-dev-board';
const NAME = 'node-00c001';
const SECONDS = 240;

test.serial(
  'a Coral Dev Board tries until there is a server with an image, and boots it',
  async (t) => {
    t.timeout(20 * 60_000);
    const lab = await openLab(t, 'coral');
    const { bios, extraArguments } = await makeCoralBoard(join(lab.folder, 'board'), {
      // Four tries that wait longer and longer would only make this test slow.
      settings: { bootpretryperiod: '1000' },
    });
    const before = await readFile(join(lab.folder, 'board/emmc.img'));
    const board = await lab.startMachine({
      ...{ name: 'coral', mac: '52:54:00:00:c0:01', firmware: 'u-boot-arm64' },
      ...{ bios, extraArguments },
    });
    const waitFor = async (pattern: RegExp) => {
      const text = await board.waitForSerial(pattern, { seconds: SECONDS, after });
      after = text.length;
    };
    let after = 0;
    await waitFor(
      /looking for a file boot-local; mostly there is none[\s\S]*WalT: no DHCP answer[\s\S]*trying again in 5 seconds[\s\S]*U-Boot 2023/,
    );
    await lab.startServer();
    await waitFor(
      /The WalT server has no image for model coral-dev-board yet; retrying[\s\S]*U-Boot 2023/,
    );
    t.regex(await lab.walt('device', 'show'), /no image for model coral-dev-board yet/);

    const image = `waltplatform/${MODEL}-default:latest`;
    const kernel = await makeCoralImage(join(lab.folder, 'kernel'), {
      says: 'the tiny kernel runs',
    });
    await lab.walt('image', 'import', kernel, '--name', image);
    await waitFor(/asking for an address as coral-dev-board[\s\S]*the tiny kernel runs/);
    const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
    await eventually(log, (text) => text.includes(`name=${NAME} model=${MODEL} `), 30);
    const { stages } = JSON.parse(await lab.walt('node', 'show', NAME, '--json'));
    t.deepEqual(
      stages.flatMap(({ path, outcome }: { path?: string; outcome?: string }) =>
        path === undefined ? [] : [`${path} ${outcome}`],
      ),
      ['start.uboot', 'freescale/imx8mq-phanbell.dtb', 'kernel', 'initrd'].map(
        (file) => `${file} complete`,
      ),
    );

    const local = wrapUBootScript('setenv boot_local yes\n', {
      architecture: 'arm64',
      name: 'local',
    });
    const back = await makeCoralImage(join(lab.folder, 'local'), { says: '', script: local });
    await lab.walt('image', 'import', back, '--name', image);
    await board.control('system_reset');
    await waitFor(/starting the system that is installed[\s\S]*the original system of this board/);
    await board.stop();
    t.true(
      before.equals(await readFile(join(lab.folder, 'board/emmc.img'))),
      'nothing was written',
    );
  },
);

const jumpers: readonly (readonly [what: string, options: CoralOptions])[] = [
  ['the file boot-local', { isLocal: true }],
  ['the variable walt', { settings: { walt: 'off' } }],
];

for (const [what, options] of jumpers) {
  test.serial(`${what} gives a Coral Dev Board its own system back`, async (t) => {
    t.timeout(20 * 60_000);
    const { bios, extraArguments } = await makeCoralBoard(await temporaryFolder(t), options);
    const board = new Background([
      ...['qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a57', '-m', '1024', '-bios', bios],
      ...['-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-nic', 'none'],
      ...extraArguments,
    ]);
    t.teardown(() => board.kill());
    await board.waitFor(/the original system of this board/, SECONDS);
    t.notRegex(board.said, /asking for an address/);
  });
}
