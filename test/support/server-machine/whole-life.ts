// A server as people get it: packages installed offline on Debian 12 with systemd. A PC beside it boots from the medium that this server
// serves. It runs on, and another one boots, while the server is upgraded and while its power is cut.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startVm, type Vm } from '../../../lab/machines/vm.ts';
import { eventually } from '../lab.ts';
import { type FreshMachine, freshMachine, type MachineKind, NEXT } from './fresh-machine.ts';
import { nfsPorts, openPorts } from './open-ports.ts';
import { stickOfServer } from './stick-of-server.ts';

const MINUTE = 60_000;
/** The first one waits until the server has unpacked its image. */
const BOOT_SECONDS = 1800;
const SERVER = '192.168.152.1';
const ELSEWHERE = '10.152.0.2';
/** TCP ports of walt-server and its name server (docs/architecture.md), and the way in. */
const SSH = 22;
const OWN_PORTS = [53, 80, 12_347];
/** Who serves the images. */
const NFS = { vm: 'NFS of the kernel', container: 'nfs-ganesha' } as const;
const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

/** Reads files of the image from the server again. */
const READ = 'echo 3 > /proc/sys/vm/drop_caches; find /usr -type f -exec md5sum {} + > /dev/null';
/** The same again and again, in the background: what fails is noted. */
const FAILED = '/root/failed';
const READ_ON = `while sleep 5; do (${READ}) || echo failed; done < /dev/null > ${FAILED} 2>&1 &`;

const parts = new AsyncDisposableStack();
let machine: FreshMachine;
let stick: string;
let first: BootedPc;

/** A PC that booted, and what is to stay so. */
type BootedPc = { readonly name: string; readonly ip: string; readonly bootId: string };
type NodeList = {
  readonly nodes: readonly { name: string; ip: string; booted: boolean }[];
};

/** @param last two digits of its MAC */
async function plugPc(last: string): Promise<Vm> {
  const pc = await startVm({
    ...{ name: `pc-${last}`, mac: `52:54:00:5e:00:${last}`, firmware: 'bios', usbDisk: stick },
    ...{ network: machine.vm.namespace, serialLog: join(machine.folder, `serial-${last}`) },
    // What it does takes one processor, and the server has work to do.
    ...{ cores: 1, memoryMiB: 512 },
  });
  parts.defer(() => pc.stop());
  return pc;
}

async function untilBooted(last: string): Promise<BootedPc> {
  const { server } = machine;
  const name = `node-5e00${last}`;
  const isKnown = (list: NodeList) => list.nodes.some((node) => node.name === name);
  await eventually(() => server.json<NodeList>('node show --all'), isKnown, BOOT_SECONDS);
  await server.walt(`node wait ${name} --timeout ${BOOT_SECONDS}`);
  const { nodes } = await server.json<NodeList>('node show --all');
  const ip = nodes.find((node) => node.name === name)?.ip ?? '';
  const bootId = await server.onNode(ip, BOOT_ID);
  await server.onNode(ip, `${BOOT_ID} > /root/written`);
  return { name, ip, bootId };
}

/** Its system is the one that booted, reads what it has not read yet, and the server takes it for booted. */
async function goesOn(t: ExecutionContext, { name, ip, bootId }: BootedPc): Promise<void> {
  const { server } = machine;
  await server.onNode(ip, READ);
  t.is(await server.onNode(ip, `${BOOT_ID} /root/written`), `${bootId}${bootId}`);
  const isBooted = ({ nodes }: NodeList) => nodes.some((one) => one.name === name && one.booted);
  t.true(isBooted(await eventually(() => server.json('node show --all'), isBooted, BOOT_SECONDS)));
}

/**
 * Adds the tests of it to the file that calls this.
 * @param kind what the server runs on: a container has no NFS server of the kernel
 */
export function testWholeLife(kind: MachineKind): void {
  test.before('a fresh machine, and packages', async (t) => {
    t.timeout(30 * MINUTE);
    machine = await freshMachine('inst', { hasImage: true, kind });
    parts.defer(() => machine.close());
  });

  test.afterEach.always(async (t) => {
    if (t.passed) return;
    const { stdout } = await machine.vm.run('journalctl -b --no-pager --lines 80');
    t.log('end of its journal:', stdout);
  });

  test.after.always(() => parts.disposeAsync());

  test.serial(
    'apt installs the server offline, and setup has it run on the second card',
    async (t) => {
      t.timeout(60 * MINUTE);
      const { server, vm } = machine;
      const network = await vm.succeed('ip -br address; ip route');
      // test/matrix/installed/installed-package.test.ts has it run at once, on a virtual walt-net.
      await machine.installAtRest();
      t.is((await vm.run('systemctl is-active walt-server')).stdout.trim(), 'inactive');
      t.is(await vm.succeed('ip -br address; ip route'), network, "the machine's own network");
      await machine.setUp();
      t.is((await vm.succeed('systemctl show -P NRestarts walt-server')).trim(), '0');
      t.regex(await server.journal(), /walt-server\[\d+\]: ready/);
    },
  );

  test.serial(`a PC boots from the medium that it serves, by ${NFS[kind]}`, async (t) => {
    t.timeout(60 * MINUTE);
    const { vm, server, neighbour, folder } = machine;
    stick = await stickOfServer(neighbour, { address: SERVER, folder });
    await plugPc('77');
    const nfs = await nfsPorts(vm);
    const beside = [...OWN_PORTS, ...nfs].filter((port) => port > 1023);
    const sorted = (ports: readonly number[]) => ports.toSorted((one, other) => one - other);
    t.true(nfs.includes(2049));
    const onWaltNet = await openPorts(neighbour, SERVER, { beside });
    t.deepEqual(onWaltNet, sorted([SSH, ...OWN_PORTS, ...nfs]));
    t.deepEqual(await openPorts(vm.namespace, ELSEWHERE, { beside }), sorted([SSH, ...nfs]));

    first = await untilBooted('77');
    t.regex(await server.onNode(first.ip, 'cat /proc/mounts'), /^192\.168\.152\.1:\S+ \S+ nfs/m);
    const isKernel = kind === 'vm';
    t.is((await vm.run('grep -q "^[1-9]" /proc/fs/nfsd/threads')).code === 0, isKernel);
    t.is((await vm.run('pgrep ganesha')).code === 0, !isKernel);
  });

  test.serial('an upgrade leaves one PC running, and another one boots', async (t) => {
    t.timeout(30 * MINUTE);
    const { vm, server } = machine;
    const before = await server.pid();
    const second = await plugPc('78');
    await second.waitForSerial(/net0/, { seconds: BOOT_SECONDS });
    await machine.upgrade();
    t.not(await server.pid(), before);
    t.is((await vm.succeed('dpkg-query --show walt-server')).trim(), `walt-server\t${NEXT}`);
    const { name } = await untilBooted('78');
    await goesOn(t, first);
    t.notRegex(await server.journal(), /is down/);
    t.regex(await server.walt(`node show ${name}`), /booted/);
  });

  test.serial('after a power cut the server is back with all it knew, and PCs go on', async (t) => {
    t.timeout(40 * MINUTE);
    const { vm, server } = machine;
    await server.walt('node rename node-5e0077 bench-1');
    const known = async () => [
      await server.json('node show --all'),
      await server.json('image show --all'),
    ];
    const before = await known();
    await server.onNode(first.ip, READ_ON);
    await vm.cutPower();
    await vm.powerOn();
    await server.untilItAnswers();
    await goesOn(t, { ...first, name: 'bench-1' });
    // The other one says in its own time that it is still there.
    const areBooted = ({ nodes }: NodeList) => nodes.every(({ booted }) => booted);
    await eventually(() => server.json<NodeList>('node show --all'), areBooted, BOOT_SECONDS);
    t.deepEqual(await known(), before);
    t.is(
      await server.onNode(first.ip, `cat ${FAILED}`),
      '',
      'a node waits, no file of its is lost',
    );
  });
}
