// A server as people get it: packages installed offline on Debian 12 with systemd, and the kernel's NFS server. A PC beside it boots
// from the medium that this server serves; it runs on while the server is upgraded, and while the server's power is cut.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { startVm, type Vm } from '../../agent/machines/vm.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { sha256Of } from '../../scripts/release/manifest.ts';
import { eventually } from '../support/lab.ts';
import { type FreshMachine, freshMachine, NEXT } from '../support/server-vm/fresh-machine.ts';

const MINUTE = 60_000;
const BOOT_SECONDS = 1200;
const SERVER = '192.168.152.1';
const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

const parts = new AsyncDisposableStack();
let machine: FreshMachine;

test.before('a fresh machine, and packages', async (t) => {
  t.timeout(30 * MINUTE);
  machine = await freshMachine('inst', { images: ['pc-x86-64'] });
  parts.defer(() => machine.close());
});

test.after.always(() => parts.disposeAsync());

async function download(path: string, to: string): Promise<void> {
  const words = ['curl', '--silent', '--show-error', '--fail', '--output', to];
  await succeed(machine.neighbour.command([...words, `http://${SERVER}${path}`]), { seconds: 300 });
}

const node = async () => (await machine.server.json('node show --all')).nodes[0];

test.serial('apt installs the server offline, and it runs', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  await machine.install();
  t.is((await vm.succeed('systemctl show -P NRestarts walt-server')).trim(), '0');
  t.regex(await server.journal(), /walt-server\[\d+\]: ready/);
});

let bootId: string;
let address: string;

test.serial(
  'a PC boots from the medium that the server serves, by NFS of the kernel',
  async (t) => {
    t.timeout(60 * MINUTE);
    const { vm, server, folder } = machine;
    const stick = await servedStick(t);
    const pc: Vm = await startVm({
      ...{ name: 'pc-77', mac: '52:54:00:5e:00:77', firmware: 'bios', usbDisk: stick },
      ...{ network: vm.namespace, serialLog: join(folder, 'serial') },
    });
    parts.defer(() => pc.stop());
    await pc.waitForSerial(/Linux version/, { seconds: BOOT_SECONDS });
    await server.walt(`node wait node-5e0077 --timeout ${BOOT_SECONDS}`);
    address = (await node()).ip;
    bootId = await server.onNode(address, BOOT_ID);
    await server.onNode(address, 'echo mine > /root/written');
    t.regex(await server.onNode(address, 'cat /proc/mounts'), /^192\.168\.152\.1:\S+ \S+ nfs/m);
    t.regex(await vm.succeed('cat /proc/fs/nfsd/threads'), /^[1-9]/);
    t.is((await vm.run('pgrep ganesha')).code, 1);
  },
);

/** The medium as the list of the server's media has it, unpacked. */
async function servedStick(t: ExecutionContext): Promise<string> {
  const inFolder = (name: string) => join(machine.folder, name);
  await download('/media/index.json', inFolder('index.json'));
  const { media } = JSON.parse(await readFile(inFolder('index.json'), 'utf8'));
  const medium = media.find(({ name }: { name: string }) => name === 'pc-usb.dd.gz');
  await download(medium.url, inFolder(medium.name));
  t.is(await sha256Of(inFolder(medium.name)), medium.sha256);
  const stick = inFolder('stick');
  const packed = createReadStream(inFolder(medium.name));
  await pipeline(packed, createGunzip(), createWriteStream(stick));
  return stick;
}

test.serial('an upgrade leaves the node running', async (t) => {
  t.timeout(30 * MINUTE);
  const { vm, server } = machine;
  const before = await server.pid();
  await machine.upgrade();
  t.not(await server.pid(), before);
  const versions = await vm.succeed('dpkg-query --show walt-client walt-server');
  t.is(versions, `walt-client\t${NEXT}\nwalt-server\t${NEXT}\n`);
  await nodeGoesOn(t);
  t.notRegex(await server.journal(), /is down/);
});

test.serial(
  'after a power cut the server comes back with all that it knew, and the node goes on',
  async (t) => {
    t.timeout(40 * MINUTE);
    const { vm, server } = machine;
    await server.walt('node rename node-5e0077 bench-1');
    const known = async () => [
      await server.json('node show --all'),
      await server.json('image show'),
    ];
    const before = await known();
    await vm.cutPower();
    await vm.powerOn();
    await server.untilItAnswers();
    await nodeGoesOn(t);
    t.deepEqual(await known(), before);
  },
);

/** Its system is the one that booted, reads what it has not read yet, and the server takes it for booted. */
async function nodeGoesOn(t: ExecutionContext): Promise<void> {
  const { server } = machine;
  const read = 'echo 3 > /proc/sys/vm/drop_caches; md5sum /usr/bin/* > /dev/null';
  await server.onNode(address, read);
  t.is(await server.onNode(address, BOOT_ID), bootId);
  t.is(await server.onNode(address, 'cat /root/written'), 'mine\n');
  const { booted } = await eventually(node, (now) => now.booted === true, 300);
  t.true(booted);
}
