// The initrd's script under the real busybox: which card it takes the boot loader to mean, and which drivers it loads at once.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { $ } from '../../scripts/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const INIT = join(import.meta.dirname, '../../boot-artifacts/initrd/init');

let bin = '';

// Nothing is to be written there: what has the name of a program is a link to this machine's busybox.
test.before(async () => {
  bin = await mkdtemp(join(tmpdir(), 'walt-busybox-'));
  await $`busybox --install -s ${bin}`;
});

test.after.always(() => rm(bin, { recursive: true }));

/** What a function of the script prints when the kernel has this command line; programs are busybox's alone. */
async function ask(
  t: ExecutionContext,
  cmdline: string,
  call: string,
  sys = '/sys',
): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'cmdline'), `${cmdline}\n`);
  const script = (await readFile(INIT, 'utf8'))
    .replaceAll('/proc/cmdline', join(folder, 'cmdline'))
    .replaceAll('/sys/', `${sys}/`)
    .replace('export PATH=/bin', `export PATH=${bin}`)
    .replace(/\nmain\n$/, `\n${call}\n`);
  await writeFile(join(folder, 'script'), script);
  const { stdout } = await $`busybox sh ${folder}/script`;
  return stdout;
}

const MAC = '52:54:00:f2:67:82\n';

for (const bootif of [
  '01-52-54-00-f2-67-82',
  '00-52-54-00-f2-67-82',
  '06-52-54-00-f2-67-82',
  '01-52-54-00-F2-67-82',
  '01:52:54:00:f2:67:82',
  '01-52:54:00:F2:67:82',
  '52:54:00:f2:67:82',
  '52-54-00-F2-67-82',
  '525400f26782',
  '01525400F26782',
]) {
  test(`the initrd finds the card of BOOTIF=${bootif}`, async (t) => {
    t.is(await ask(t, `quiet BOOTIF=${bootif} ro`, 'card_address'), MAC);
  });
}

test('the initrd takes the card that BOOTIF names last, and any where it names none', async (t) => {
  t.is(await ask(t, 'BOOTIF=52:54:00:00:00:01 BOOTIF=01-52-54-00-f2-67-82', 'card_address'), MAC);
  t.is(await ask(t, 'quiet', 'card_address'), '');
  for (const other of ['', 'eth0', '52-54-00-f2-67', '01-52-54-00-f2-67-8g']) {
    t.is(await ask(t, `BOOTIF=${other}`, 'card_address'), '', other);
  }
});

const STANDS_IN = 'modprobe() { :; }; load() { cat >/dev/null; }; load_all() { echo all; }';

// The card of QEMU's board is at a bus that it has no folder `soc` for: it was found a second later.
for (const [machine, tree, loaded] of [
  ['a Raspberry Pi', ['soc'], 'all\n'],
  ["QEMU's board", [], 'all\n'],
  ['a PC', undefined, ''],
] as const) {
  test(`the initrd loads ${loaded === '' ? 'drivers of network cards' : 'all its drivers'} at once on ${machine}`, async (t) => {
    const sys = join(await temporaryFolder(t), 'sys');
    const base = join(sys, 'firmware/devicetree/base');
    for (const folder of tree ?? []) await mkdir(join(base, folder), { recursive: true });
    if (tree !== undefined) {
      await mkdir(base, { recursive: true });
      await writeFile(join(base, 'compatible'), 'a board');
    }
    t.is(await ask(t, 'quiet', `${STANDS_IN}; load_network_cards`, sys), loaded);
  });
}

for (const [options, loaded] of [
  ['vers=3', ''],
  ['vers=3,ro,nolock', ''],
  ['vers=4.2,ro', 'nfsv4 '],
  ['nfsvers=4', 'nfsv4 '],
  ['v4.1,ro', 'nfsv4 '],
  ['ro,v3', ''],
] as const) {
  test(`the initrd loads ${loaded === '' ? 'no ' : ''}NFS 4 to mount with ${options}`, async (t) => {
    const stands = 'modprobe() { echo "$2"; }; timeout() { echo "$@"; }';
    const said = await ask(t, 'quiet', `${stands}; source=s:/x; options=${options}; mount_once`);
    const [mount = '', ...modules] = said.trim().split('\n').toReversed();
    t.is(modules.map((name) => `${name} `).join(''), loaded);
    t.true(mount.includes(`-o ro,${options},addr=s s:/x /root`), mount);
  });
}

test('the initrd asks version 4 of NFS, and loads it, where version 3 was not to be had', async (t) => {
  const stands = 'modprobe() { echo "$2"; }; timeout() { echo "$@"; }';
  const said = await ask(t, 'quiet', `${stands}; source=s:/x; options=ro; version=4.2; mount_once`);
  t.regex(said, /^nfsv4\n.*-o ro,vers=4\.2,ro,addr=s /);
});

test('the initrd loads the drivers of those PCI devices that are network cards', async (t) => {
  const sys = join(await temporaryFolder(t), 'sys');
  for (const [device, kind] of [
    ['0000:00:01.0', '0x060100'],
    ['0000:00:02.0', '0x020000'],
    ['0000:00:03.0', '0x028000'],
  ] as const) {
    const folder = join(sys, 'bus/pci/devices', device);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'class'), `${kind}\n`);
    await writeFile(join(folder, 'modalias'), `pci:${device}\n`);
  }
  const stands = 'modprobe() { :; }; load() { cat; }';
  const said = await ask(t, 'quiet', `${stands}; load_network_cards`, sys);
  t.is(said, 'pci:0000:00:02.0\npci:0000:00:03.0\n');
});
