// A storm of abuse: all attacks of lab/abuse at once, from 50 addresses, while 20 simulated PCs and one in QEMU boot.
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../agent/net/limits/table.ts';
import { ATTACKS } from '../../lab/abuse/attacks.ts';
import { type Reading, readProcess, shareOf } from '../../lab/siege/readings.ts';
import { openSiege, type Siege } from '../../lab/siege/siege.ts';
import { eventually } from '../support/lab.ts';

const HONEST = 20;
const MEMORY = 400e6;
/** 50 addresses have 16 connections to HTTP, 4 to 12347 and 64 transfers each, a socket and perhaps a file. */
const DESCRIPTORS = 7000;
/** Lines of the log; each of the made-up machines that took an address has one beside these. */
const LINES = 600;
const LOOK_MS = 500;
/** Connections that were told to end may be there still when the kernel is asked. */
const ENDING = 32;

/** Reads the server's process until told to stop, or until it is gone. */
function watch({ lab }: Siege) {
  const readings: Reading[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      readings.push(await readProcess(lab.serverPid()));
      await sleep(LOOK_MS);
    }
  })().catch(() => undefined);
  return async () => {
    isOver = true;
    await watching;
    return readings;
  };
}

async function checkNodes(t: ExecutionContext, { lab, nodes }: Siege): Promise<void> {
  const shown = JSON.parse(await lab.walt('node', 'show', '--all', '--json'));
  const known: { name: string; booted: boolean; model: string }[] = shown.nodes;
  for (const name of nodes) {
    t.like(
      known.find((node) => node.name === name),
      { booted: true, model: 'pc-x86-64' },
      name,
    );
  }
}

function checkReadings(t: ExecutionContext, readings: readonly Reading[]): void {
  const most = Math.max(...readings.map(({ mostMemory }) => mostMemory));
  t.true(most < MEMORY, `${Math.round(most / 1e6)} MB of memory`);
  for (const [port, limit] of [
    [80, LIMITS['http-connections']],
    [12_347, LIMITS['bootup-connections']],
  ] as const) {
    const shares = readings.map((reading) => shareOf(reading, port));
    const perAddress = Math.max(...shares.map((share) => share.perAddress));
    const inAll = Math.max(...shares.map((share) => share.inAll));
    t.log(`port ${port}: ${inAll} connections at most, ${perAddress} of one address`);
    t.true(perAddress <= limit.perAddress + ENDING, `${perAddress} of one address at ${port}`);
    t.true(inAll <= limit.inAll, `${inAll} connections at ${port}`);
  }
  const descriptors = Math.max(...readings.map((reading) => reading.descriptors));
  t.true(descriptors < DESCRIPTORS, `${descriptors} descriptors`);
  t.log(`${Math.round(most / 1e6)} MB, ${descriptors} descriptors at most`);
}

async function checkLog(t: ExecutionContext, { lab }: Siege): Promise<void> {
  const log = await lab.serverLog();
  const lines = log.split('\n');
  const madeUp = lines.filter((line) => / new (node|device).* mac=52:54:00:7/.test(line));
  t.log(`${lines.length} lines, ${madeUp.length} of them new machines that do not exist`);
  t.true(lines.length - madeUp.length < LINES, `${lines.length} lines`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  t.notRegex(log, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]/, 'no control characters of others');
  t.regex(log, /^platform\.limits -> HTTP: 10\.66\.200\.\d+ asks on without reading/m);
  t.regex(log, /^platform\.limits -> nodes: .* answers a command without end/m);
}

test('in a storm of abuse all honest machines boot, and the server stays small', async (t) => {
  t.timeout(10 * 60_000);
  const siege = await openSiege({ name: 'storm', honest: HONEST });
  t.teardown(() => siege.close());
  const { lab, pcs, endless } = siege;
  const known = pcs.slice(0, HONEST / 2);
  await siege.boot([...known, endless]);
  for (const pc of known) await pc.powerOff();
  const before = await readProcess(lab.serverPid());

  const stop = watch(siege);
  await siege.attack();
  const qemu = siege.bootQemu();
  const seconds = await siege.boot(pcs);
  t.log(`simulated PCs booted after ${seconds.map((each) => each.toFixed(1)).join(', ')} s`);
  await siege.answerWithoutEnd();
  const asked = await lab.tryWalt('node', 'reboot', endless.node);
  t.not(asked.code, 0, asked.said);
  t.log(`the PC in QEMU booted after ${(await qemu).toFixed(1)} s`);
  await checkNodes(t, siege);
  const done = await siege.endAttack();
  for (const { name } of ATTACKS) t.true((done[name] ?? 0) > 0, `${name} was made`);
  t.log(JSON.stringify(done));
  checkReadings(t, await stop());

  // The nodes' own connections are there now, and the database's files may be.
  const most = before.descriptors + pcs.length + 16;
  const descriptors = async () => (await readProcess(lab.serverPid())).descriptors;
  await eventually(descriptors, (count) => count <= most, 60);
  await checkNodes(t, siege);
  const told = Date.now();
  await lab.endServer('SIGTERM');
  t.log(`the server stopped after ${Date.now() - told} ms`);
  await checkLog(t, siege);
});
