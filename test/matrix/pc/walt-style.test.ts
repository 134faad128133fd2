// A PC from the stick as it ships, with an image in the manner of existing WalT images: its own scripts, filled in by the
// server and run by a real iPXE, start a kernel that mounts NFS version 3 by the MAC of the machine.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { tar } from '../../support/images/tar.ts';
import { WALT_STYLE_FILES } from '../../support/images/walt-style-image.ts';
import { eventually, openLab } from '../../support/lab.ts';

const SHIPPED = 'waltplatform/pc-x86-64-default:latest';
const MAC = '52:54:00:00:07:06';
const NODE = 'node-000706';
const SCRIPTS = [
  'start.ipxe',
  'start-generic.ipxe',
  'start-generic-2.ipxe',
  'server-params.ipxe',
  'boot-params.ipxe',
  'kernel',
  'initrd',
];

/** The default image with one layer more. @returns its layout folder */
async function makeImage({ folder }: Lab): Promise<string> {
  const layout = join(folder, 'layout');
  const layer = join(folder, 'layer.tar');
  await mkdir(layout);
  await writeFile(layer, tar(WALT_STYLE_FILES));
  for (const argv of [
    ['tar', '-xf', defaultImage, '-C', layout],
    ['umoci', 'raw', 'add-layer', '--image', `${layout}:${SHIPPED}`, layer],
  ]) {
    const { code, said } = await runProgram(argv, { seconds: 300 });
    if (code !== 0) throw new Error(`${argv.join(' ')} failed: ${said}`);
  }
  return layout;
}

test.serial('a PC boots an image in the manner of existing WalT images', async (t) => {
  t.timeout(30 * 60_000);
  const lab = await openLab(t, 'wstyle');
  await lab.startServer();
  await lab.walt('image', 'import', await makeImage(lab), '--name', SHIPPED);
  const vm = await lab.startPc({ name: 'wstyle', mac: MAC, firmware: 'bios' });
  await eventually(
    () => lab.walt('device', 'show'),
    (text) => text.includes(NODE),
    300,
  );
  await lab.walt('node', 'wait', NODE, '--timeout', '900');

  const screen = await vm.serial();
  // Without ip= among its parameters the initrd asks DHCP anew, which begins a new boot with stages of its own.
  for (const file of SCRIPTS) {
    const name = file.replaceAll('.', '\\.');
    t.regex(screen, new RegExp(`/${name}\\.\\.\\. [^\\n]*ok`));
  }
  const ip = '192.168.152.2';
  const parameters = await lab.ssh(ip, 'cat /proc/cmdline');
  t.regex(parameters, /init=\/bin\/walt-init panic=15 boot=walt walt\.node\.model=pc-x86-64 /);
  t.regex(
    parameters,
    /netconsole=@192\.168\.152\.2\/,12342@192\.168\.152\.1\/([0-9a-f]{2}:){5}[0-9a-f]{2} /,
  );
  t.regex(parameters, / console=ttyS0/);
  const mounts = await lab.ssh(ip, 'grep " nfs" /proc/mounts');
  t.true(mounts.includes(`192.168.152.1:/var/lib/walt/nodes/${MAC}/fs `), mounts);
  t.regex(mounts, /vers=3.*nolock/);
  t.regex(
    await lab.ssh(ip, 'cat /etc/ntp.conf'),
    /^server 192\.168\.152\.1\n# 100% of [0-9a-f]{64}$/m,
  );
});
