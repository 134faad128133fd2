// A server as people get it, in short: packages installed offline on Debian 12 with systemd, an upgrade beneath a virtual node, and
// a power cut. test/matrix/installed-server.test.ts has a PC boot from it.
import test from 'ava';
import { type FreshMachine, freshMachine, NEXT } from '../support/server-vm/fresh-machine.ts';
import { nfsPorts, openPorts } from '../support/server-vm/open-ports.ts';

const MINUTE = 60_000;
const SERVER = '192.168.152.1';
const ELSEWHERE = '10.152.0.2';
/** The ports of walt-server itself (docs/architecture.md), and of the way in. */
const OWN_PORTS = [80, 12_347];
const SSH = 22;
const UNITS = 'systemctl list-units --all --plain --no-legend "walt-node-*" | cut -d" " -f1';

let machine: FreshMachine;

test.before('a fresh machine, and packages', async (t) => {
  t.timeout(30 * MINUTE);
  machine = await freshMachine('inst', { images: [] });
});

test.after.always(() => machine?.close());

/** Number of the QEMU process of the only virtual node. */
const qemu = () => machine.vm.succeed(`systemctl show -P MainPID $(${UNITS})`);
const sorted = (ports: readonly number[]) => ports.toSorted((one, other) => one - other);
const devices = () => machine.server.json('device show');

test.serial('apt installs the server offline, and it runs', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  await machine.install();
  t.is((await vm.succeed('systemctl show -P NRestarts walt-server')).trim(), '0');
  t.regex(await server.journal(), /walt-server\[\d+\]: ready/);
});

test.serial('walt-net gets WalT and NFS alone, other networks nothing of WalT', async (t) => {
  t.timeout(20 * MINUTE);
  const { vm, neighbour } = machine;
  const nfs = await nfsPorts(vm);
  t.true(nfs.includes(2049));
  t.deepEqual(await openPorts(neighbour, SERVER), sorted([SSH, ...OWN_PORTS, ...nfs]));
  t.deepEqual(await openPorts(vm.namespace, ELSEWHERE), sorted([SSH, ...nfs]));
});

test.serial('an upgrade leaves a virtual node running', async (t) => {
  t.timeout(20 * MINUTE);
  const { server, vm } = machine;
  await server.walt('node create vm-1 ram=256M');
  const before = [await server.pid(), await qemu()] as const;
  await machine.upgrade();
  t.not(await server.pid(), before[0]);
  t.is(await qemu(), before[1]);
  t.is((await vm.succeed('dpkg-query --show walt-server')).trim(), `walt-server\t${NEXT}`);
});

test.serial(
  'after a power cut the server comes back by itself, with all that it knew',
  async (t) => {
    t.timeout(20 * MINUTE);
    const { server, vm } = machine;
    await server.walt('device rename vm-1 vm-renamed');
    const before = await devices();
    await vm.cutPower();
    await vm.powerOn();
    await server.untilItAnswers();
    t.deepEqual(await devices(), before);
  },
);
