// PCs from the stick with Linux, as it ships, with the real server, until they are booted in the default image: a card that
// firmware and GRUB do not drive, Secure Boot on and off, and every failure on the way, each left by itself.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { defaultImage, type Lab, linuxStick } from '../../../lab/lab.ts';
import { dnsmasq } from '../../../lab/servers/stand-ins.ts';
import { $ } from '../../../scripts/run.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

const ROOT = join(import.meta.dirname, '../../..');
const IP = '192.168.152.2';

test.serial(
  'the stick with Linux is at most 40 MB, and the same in another time zone and umask',
  async (t) => {
    t.timeout(10 * 60_000);
    const archive = await readFile(linuxStick);
    t.true(archive.length <= 40_000_000, `${archive.length} bytes`);
    const clone = await mkdtemp(join(tmpdir(), 'walt-pc-linux-'));
    t.teardown(() => rm(clone, { recursive: true }));
    await $({ cwd: ROOT })`cp -r scripts boot-artifacts package.json ${clone}`;
    await $`ln -s ${join(ROOT, 'node_modules')} ${clone}`;
    const env = { ...process.env, TZ: 'Pacific/Kiritimati' };
    await $({ env, cwd: clone })`umask 077; node_modules/.bin/node scripts/media.ts pc-linux`;
    t.true(archive.equals(await readFile(join(clone, 'release/dist/pc-usb-linux.dd.gz'))));
  },
);

test.serial(
  'with Secure Boot the stick with Linux starts the signed kernel of its image',
  async (t) => {
    t.timeout(20 * 60_000);
    const lab = await openLab(t, 'linuxsb');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    const machine = { name: 'pc1', mac: '52:54:00:00:50:01', firmware: 'uefi-x64-secure' } as const;
    const pc = await lab.startPc(machine, linuxStick);
    await isBooted(lab, 'node-005001');
    const said = await pc.serial();
    t.regex(said, /WalT: model pc-x86-64, by Linux, try 1\b/);
    t.regex(said, /Starting the system/);
    t.regex(await lab.ssh(IP, 'cat /sys/kernel/security/lockdown'), /\[integrity\]/);
    t.regex(await lab.ssh(IP, 'cat /proc/cmdline'), /^(?!.*panic=30 quiet)/);
    t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
  },
);

test.serial('with BIOS the stick with Linux says what fails, then boots', async (t) => {
  t.timeout(20 * 60_000);
  const lab = await openLab(t, 'linuxbi');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  await lab.endServer('SIGTERM');
  const mac = '52:54:00:00:50:02';
  const pc = await lab.startPc({ name: 'pc2', mac, firmware: 'bios' }, linuxStick);
  await pc.control('set_link', { name: 'card0', up: false });
  let after = 0;
  const screen = async (pattern: RegExp) => {
    after = (await pc.waitForSerial(pattern, { seconds: 240, after })).length;
  };
  await screen(/by Linux, try 1\b/);
  await screen(/\*\* No link on eth0/);
  await pc.control('device_del', { id: 'card0' });
  await screen(/\*\* No network card found/);
  await pc.control('device_add', {
    driver: 'e1000',
    id: 'card1',
    netdev: 'net0',
    mac,
    romfile: '',
  });
  await screen(/\*\* No DHCP answer on eth0/);
  const silent = await untilEnd(
    t,
    dnsmasq(lab.namespace, ['--dhcp-boot=none,server,192.168.152.1']),
  );
  await screen(/\*\* The server 192\.168\.152\.1 does not answer/);
  await silent.stop();
  await lab.startServer();
  await isBooted(lab, 'node-005002');
  t.regex(await lab.ssh(IP, 'cat /sys/kernel/security/lockdown'), /\[none\]/);
});

/** Detected, named and told of by the server like any other node. */
async function isBooted(lab: Lab, node: string): Promise<void> {
  const isKnown = (text: string) => text.includes(node);
  await eventually(() => lab.walt('device', 'show'), isKnown, 400);
  await lab.walt('node', 'wait', node, '--timeout', '600');
}
