// Boards with U-Boot that are told to start from their own disks, for which test/qemu/boot-local.test.ts has no time.
import test from 'ava';
import { uBootScript } from '../../../lab/built.ts';
import { tinyKernel } from '../../support/images/tiny-kernel.ts';
import { IMAGE_SAYS, openUBootLab } from '../../support/local-disk/u-boot-lab.ts';

const PATIENCE = { seconds: 300 };
const NOTHING =
  /(No system on a disk of this machine could be started[\s\S]*U-Boot 2023[\s\S]*){2}/;
// As our media ask: U-Boot still has the address that it got.
const ASKS_AGAIN = uBootScript(
  ['tftpboot $scriptaddr start.uboot', 'source $scriptaddr', ''].join('\n'),
);
const SYSTEM = uBootScript('echo the system of the disk runs\nsleep 1000\n');
const EXTLINUX = 'timeout 1\ndefault own\nlabel own\n  kernel /kernel\n  append quiet\n';

const rows: readonly (readonly [
  title: string,
  name: string,
  contents: Readonly<Record<string, string | Uint8Array>> | undefined,
  says: RegExp,
])[] = [
  [
    'a boot script',
    'lubscr',
    { 'boot.scr': SYSTEM },
    /Found U-Boot script[\s\S]*the system of the disk runs/,
  ],
  [
    'an extlinux.conf',
    'lubext',
    { 'boot/extlinux/extlinux.conf': EXTLINUX, kernel: tinyKernel('the kernel of the disk runs') },
    /the kernel of the disk runs/,
  ],
  ['a boot script that asks the server again', 'lubback', { 'boot.scr': ASKS_AGAIN }, NOTHING],
  ['no system', 'lubempty', { readme: 'nothing here' }, NOTHING],
  ['no disk', 'lubnone', undefined, NOTHING],
];

for (const [title, name, contents, says] of rows) {
  test.serial(`a board with U-Boot and ${title}: boot-local, and back`, async (t) => {
    t.timeout(15 * 60_000);
    const { lab, board, node } = await openUBootLab(t, name, contents);
    await lab.walt('node', 'boot', node, 'boot-local');
    let after = (await board.serial()).length;
    const said = await board.waitForSerial(says, { ...PATIENCE, after });
    t.regex(said.slice(after), /start from its own disk/);
    await lab.walt('node', 'boot', node, 'default');
    after = said.length;
    if (says !== NOTHING) await board.control('system_reset');
    await board.waitForSerial(IMAGE_SAYS, { ...PATIENCE, after });
  });
}
