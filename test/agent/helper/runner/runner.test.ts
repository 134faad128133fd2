// The runner as a process of its own, with the real nfs-ganesha, dnsmasq and QEMU: what it runs for a server, and what becomes of that
// when it is killed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { trialName } from '../../../../agent/boot/names.ts';
import {
  unitForwarding,
  unitMachineRunner,
} from '../../../../agent/helper/runner/unit-machines.ts';
import { UnitNameProcess } from '../../../../agent/helper/runner/unit-names.ts';
import { UnitNfsServer } from '../../../../agent/helper/runner/unit-nfs.ts';
import { machineFiles } from '../../../../agent/machines/kept/machine-files.ts';
import { Machines } from '../../../../agent/machines/kept/machines.ts';
import type { Hardware } from '../../../../agent/machines/kept/plan.ts';
import { qemuPid } from '../../../../agent/machines/kept/qemu/qemu-process.ts';
import { NameServer } from '../../../../agent/names/name-server.ts';
import { parseCidr } from '../../../../agent/protocol/ip.ts';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { runRunner } from '../../../support/helper/run-runner.ts';
import { eventually } from '../../../support/lab.ts';
import { createNamespace } from '../../../support/namespace.ts';
import { createNfsNetwork, SERVER } from '../../../support/nfs/nfs-network.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const IP = '192.168.152.11';
const MAC = '52:54:00:00:00:11';
const ADDRESS = `${SERVER}/24`;

/** A server's state, and a runner in a network of its own. */
async function lab(t: ExecutionContext, name: string) {
  const state = join(await temporaryFolder(t), 'state');
  await mkdir(state);
  const namespace = await createNamespace(`wrun-${name}-${process.pid}`);
  t.teardown(() => namespace.remove());
  const place = { state, namespace: namespace.name, address: ADDRESS };
  return { state, namespace, place, ...(await runRunner(t, place)) };
}

test('the runner serves NFS, which goes on when it is killed; the next one is told of all exports', async (t) => {
  const state = join(await temporaryFolder(t), 'state');
  const network = await createNfsNetwork(`wrun${process.pid}`, [11]);
  t.teardown(() => network.remove());
  const place = { state, namespace: network.server.name, address: ADDRESS };
  for (const image of ['one', 'two']) {
    await mkdir(join(state, 'images', image, 'fs'), { recursive: true });
    await writeFile(join(state, 'images', image, 'fs/name'), image);
  }
  const disk = join(state, 'persist/alice', MAC);
  await mkdir(join(disk, 'files'), { recursive: true });
  await writeFile(join(disk, 'files/note'), 'kept');
  const { socket, program } = await runRunner(t, place);
  const problems: string[] = [];
  const onProblem = (words: string) => problems.push(words);
  const nfs = new UnitNfsServer({ socket, state, onProblem, pauseMs: 100 });
  t.teardown(async () => {
    nfs.detach();
    for (const name of ['ganesha', 'guard', 'rpcbind'])
      await endOf(join(state, 'nfs', `${name}.pid`));
  });
  const exportOf = (image: string) => ({
    ...{ ip: IP, mac: MAC, imagePath: join(state, 'images', image, 'fs') },
    share: { disk, path: join(disk, 'files'), uid: 1000 },
  });
  const node = network.node(IP);
  const read = (file: string) => node.read(`/var/lib/walt/nodes/${IP}/${file}`, { version: 3 });
  await nfs.start();
  await nfs.apply([exportOf('one')]);
  t.is(await read('fs/name'), 'one');
  t.is(await read('persist/note'), 'kept');
  const ganesha = () => readFile(join(state, 'nfs/ganesha.pid'), 'utf8');
  const before = await ganesha();

  await program.kill();
  t.is(await read('fs/name'), 'one', 'NFS goes on');
  await eventually(
    async () => problems,
    (said) => said.some((words) => words.startsWith('Cannot reach the runner')),
    20,
  );
  await runRunner(t, { ...place, socket });
  // Nobody asks for it: the server's side tells the new one by itself.
  await eventually(
    () => nfs.apply([exportOf('two')]).then(() => read('fs/name'), String),
    (said) => said === 'two',
    60,
  );
  t.is(await ganesha(), before);
  t.is(
    problems.filter((words) => words.startsWith('The runner of the NFS server ended')).length,
    1,
  );
  await t.throwsAsync(async () => nfs.apply([{ ip: IP, mac: MAC, imagePath: '/etc' }]), {
    message: /\/etc.*is not in/,
  });
});

/** Ends a process that outlives the runner, by its record. */
async function endOf(file: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (pid > 1) process.kill(pid, 'SIGKILL');
}

test('names are served by the runner, and again when dnsmasq or it was killed', async (t) => {
  const { state, namespace, place, socket, program } = await lab(t, 'names');
  const problems: string[] = [];
  const names = new NameServer({
    ...{ subnet: parseCidr(ADDRESS), domain: 'walt', folder: state, upstream: [] },
    devices: () => [{ ip: IP, name: 'pc-1' }],
    onProblem: (words) => problems.push(String(words)),
    run: () => new UnitNameProcess(socket),
  });
  t.teardown(() => names.close());
  // Questions come from the network of the name server; this process is in another one.
  const ask = async () => {
    const script = `new (require('node:dns').promises.Resolver)({ timeout: 2000, tries: 2 })`;
    const asked = `const r = ${script}; r.setServers(['${SERVER}']);
      r.resolve4('pc-1.walt').then((all) => console.log(all.join()), (e) => console.log(e.code))`;
    const argv = ['ip', 'netns', 'exec', namespace.name, process.execPath, '-e', asked];
    return (await succeed(argv, { seconds: 30 })).stdout.toString().trim();
  };
  // It does not hear the answers: it asks from a network where there are none.
  await names.start().catch(() => undefined);
  await eventually(ask, (said) => said === IP, 30);
  const record = await readFile(join(state, 'names.pid'), 'utf8');
  process.kill((JSON.parse(record) as { pid: number }).pid, 'SIGKILL');
  await eventually(
    async () => problems,
    (said) => said.some((words) => words.includes('dnsmasq ended.')),
    30,
  );
  await eventually(ask, (said) => said === IP, 30);
  await program.kill();
  await eventually(ask, (said) => said !== IP, 30);
  await runRunner(t, { ...place, socket });
  await eventually(ask, (said) => said === IP, 60);
  await names.close();
  t.not(await ask(), IP);
  t.true(problems.length > 0);
});

test('virtual machines run on when the runner is killed, and the next one ends them', async (t) => {
  const { state, namespace, place, socket, program } = await lab(t, 'machines');
  const folder = join(state, 'machines');
  await succeed(['ip', '-n', namespace.name, 'link', 'show', 'walt-net']);
  const hardware: Hardware = {
    ...{ memoryBytes: 64 * 2 ** 20, cores: 1, firmware: 'bios', disks: [] },
    networks: [{ name: 'walt-net' }],
  };
  const said: string[] = [];
  const machines = new Machines({
    ...{ folder, bridge: 'walt-net', runner: unitMachineRunner(socket) },
    wanted: (mac) => ({
      plan: { mac, name: trialName(mac), hardware, isInBackground: true },
      isOn: true,
    }),
    setOn: async () => undefined,
    tell: (news) => said.push(JSON.stringify(news)),
    accelerator: async () => ({ kind: 'tcg', why: 'this is a test' }),
  });
  t.teardown(() => machines.detach());
  await machines.resume([]);
  await machines.add(MAC);
  const files = machineFiles(folder, MAC);
  const pid = await qemuPid(files);
  t.not(pid, undefined);
  t.is(await niceOf(pid), 19, 'whatever else the machine does comes first');
  const taps = async () => {
    const { stdout } = await runProgram(['ip', '-n', namespace.name, '-br', 'link'], {
      seconds: 5,
    });
    return /^v525400000011/m.test(stdout.toString());
  };
  t.true(await taps());
  await machines.check();
  t.deepEqual(
    said.filter((words) => /plugged/.test(words)),
    [],
  );
  const ip = (...words: string[]) => succeed(['ip', '-n', namespace.name, 'link', ...words]);
  await ip('delete', 'walt-net');
  await machines.check();
  await ip('add', 'walt-net', 'type', 'bridge');
  await machines.check();
  const { stdout } = await ip('show', 'master', 'walt-net');
  t.regex(stdout.toString(), /v5254000000110:/);
  t.is(said.filter((words) => /is plugged into walt-net again/.test(words)).length, 1);
  await program.kill();
  t.is(await qemuPid(files), pid);
  await t.throwsAsync(machines.powerOff(MAC), { message: /^Cannot reach the runner at/ });
  await runRunner(t, { ...place, socket });
  await machines.powerOff(MAC);
  t.is(await qemuPid(files), undefined);
  t.false(await taps());
});

/** Field 19 of stat, proc(5). */
async function niceOf(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
}

test('the runner turns the switch of its own network alone', async (t) => {
  const { state, namespace, socket } = await lab(t, 'forward');
  const forwarding = unitForwarding(socket);
  const now = async () => {
    const argv = ['ip', 'netns', 'exec', namespace.name, 'cat', '/proc/sys/net/ipv4/ip_forward'];
    return (await succeed(argv, { seconds: 5 })).stdout.toString().trim();
  };
  t.false(await forwarding.wasOn());
  await forwarding.on();
  t.is(await now(), '1');
  t.false(await forwarding.wasOn(), 'it was us');
  t.true((await readFile(join(state, 'ip-forward'), 'utf8')).length > 0);
  await forwarding.putBack();
  t.is(await now(), '0');
});

test('the runner refuses what is no request, and goes on', async (t) => {
  const { socket } = await lab(t, 'hostile');
  const answer = async (line: string) => {
    const client = connect(socket);
    client.write(`${line}\n`);
    return await text(client).catch(() => '');
  };
  const refused = '{"reason":"the runner knows no such request"}\n';
  const plan = { mac: MAC, name: 'pc-1', hardware: {} };
  for (const line of [
    '',
    'GET / HTTP/1.1',
    '{"verb":"exec","argv":["id"]}',
    '{"verb":"end-machine","mac":"../../etc"}',
    '{"verb":"forwarding","turn":"off","file":"/etc/passwd"}',
    JSON.stringify({ verb: 'start-machine', plan, accelerator: 'kvm' }),
    '{"verb":"nfs","folder":"/etc"}',
  ]) {
    t.is(await answer(line), refused, line);
  }
  const traversal = { ip: IP, mac: MAC, image: 'images/../../etc/fs' };
  const orders = [
    '{"verb":"nfs"}',
    JSON.stringify({ order: 'apply', id: 1, exports: [traversal] }),
  ].join('\n');
  t.is(await answer(orders), '{"reason":"the runner knows no such order"}\n');
  t.false(await unitForwarding(socket).wasOn());
});
