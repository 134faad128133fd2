// The console of a real U-Boot without a cable: the one for people who look for a fault, on QEMU's 64-bit ARM machine. What it says by
// UDP is shown and recorded, and the keys of a person reach it: ctrl-C ends what its start script waits for.
import { join } from 'node:path';
import test from 'ava';
import { uBootScript } from '../../../lab/built.ts';
import { Background } from '../../../lab/programs/background.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { buildUBoots } from '../../../scripts/u-boot/build.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { eventually, openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODEL = 'qemu-arm64';
const NODE = 'node-001f02';
const SECONDS = 300;

test('keys of a person reach a U-Boot that has no cable but that of the network', async (t) => {
  t.timeout(40 * 60_000);
  const places = placesOf(process.env, ROOT);
  const { [MODEL]: folder } = await buildUBoots([MODEL], { root: ROOT, places, isDebug: true });
  const lab = await openLab(t, 'uconsole', { images: { registries: [] } });
  await lab.startServer();
  const start = `boot/${MODEL}/start.uboot`;
  const image = await makeTinyImage(join(lab.folder, 'image'), {
    files: ['bin/busybox', 'sbin/init', start, `boot/${MODEL}/kernel`],
    labels: { 'walt.node.models': MODEL },
    architecture: 'arm64',
    contents: { [start]: uBootScript('echo the image of this board waits\nsleep 600\n') },
  });
  await lab.walt('image', 'import', image, '--name', `waltplatform/${MODEL}-default`);
  await lab.startMachine({
    ...{ name: 'uconsole', mac: '52:54:00:00:1f:02', firmware: 'u-boot-arm64' },
    bios: join(folder, 'u-boot.bin'),
  });
  const dump = () => lab.walt('node', 'console', NODE, '--dump').catch(() => '');
  await eventually(dump, (text) => /the image of this board waits/.test(text), SECONDS);
  const command = lab.waltCommand('node', 'console', NODE, '--history', '50').join(' ');
  const person = new Background(['script', '-q', '-c', command, '/dev/null'], { hasInput: true });
  t.teardown(() => person.kill());
  await person.waitFor(/you type here/, 60);
  person.child.stdin?.write('\x03');
  await person.waitFor(/start\.uboot ended and started no system\r\n/, 120);
  person.child.stdin?.write('\x01d');
  t.is(await person.ended(), 0);
  t.regex(await dump(), /\[walt: u-boot, [\d:.]+\][\s\S]*start\.uboot ended and started no system/);
});
