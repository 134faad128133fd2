// The real dnsmasq on an address of loopback, asked by the resolver of Node.
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { identify } from '../../../agent/host/processes/process-identity.ts';
import type { Named } from '../../../agent/names/hosts-text.ts';
import { NameServer, pauseMs } from '../../../agent/names/name-server.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Options = { readonly upstream?: readonly string[]; readonly resolvConf?: string };

async function open(t: ExecutionContext, network: string, options: Options = { upstream: [] }) {
  const folder = await temporaryFolder(t);
  const devices: Named[] = [];
  const problems: string[] = [];
  const subnet = parseCidr(`${network}.0.1/16`);
  const parts = { subnet, domain: 'walt', folder, devices: () => devices, ...options };
  const make = () => new NameServer({ ...parts, onProblem: (words) => problems.push(`${words}`) });
  const names = make();
  t.teardown(() => names.close());
  await names.start();
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([subnet.address]);
  const ask = (name: string) =>
    resolver.resolve4(name).catch(({ code }: NodeJS.ErrnoException) => [`${code}`]);
  return { names, make, devices, problems, resolver, ask, folder };
}

/** Who answers all questions for a domain with one address, and says what it was asked. */
async function startUpstream(t: ExecutionContext, address: string, answers: readonly string[]) {
  const where = [`--listen-address=${address}`, '--bind-interfaces', '--port=5353'];
  const quiet = ['--no-resolv', '--no-hosts', '--conf-file=/dev/null', '--pid-file='];
  const log = ['--keep-in-foreground', '--log-queries', '--log-facility=-', '--user=root'];
  const upstream = new Background(['dnsmasq', ...where, ...quiet, ...log, ...answers]);
  t.teardown(() => upstream.kill());
  await upstream.waitFor(/started/);
  return upstream;
}

async function pidOf(folder: string): Promise<number> {
  return (JSON.parse(await readFile(join(folder, 'names.pid'), 'utf8')) as { pid: number }).pid;
}

/** Number of the next process, as soon as it is known. */
async function nextPid(folder: string, before: number): Promise<number> {
  const end = Date.now() + 60_000;
  for (;;) {
    const now = await pidOf(folder).catch(() => before);
    if (now !== before) return now;
    if (Date.now() > end) throw new Error('It was not started again');
    await setTimeout(2);
  }
}

/** Sends SIGSTOP once a socket of port 53 is open at the address, in hexadecimal digits as proc(5) has it (host byte order). */
function stopOnceBound(pid: number, address: string): void {
  const digits = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const socket = ` ${digits.reverse().join('').toUpperCase()}:0035 `;
  const end = Date.now() + 10_000;
  while (!readFileSync('/proc/net/udp', 'utf8').includes(socket)) {
    if (Date.now() > end) throw new Error(`Nobody opened port 53 of ${address}`);
  }
  process.kill(pid, 'SIGSTOP');
}

const isAnother = (pid: number) => (now: number | undefined) => now !== undefined && now !== pid;

test('devices and the server are found by name and address, and nobody else', async (t) => {
  const { names, devices, resolver, ask } = await open(t, '127.77');
  devices.push({ ip: '127.77.0.7', name: 'pc-412-A' });
  names.changed();
  await eventually(
    () => ask('pc-412-A'),
    ([found]) => found === '127.77.0.7',
    20,
  );
  t.deepEqual(await ask('PC-412-a.walt'), ['127.77.0.7']);
  t.deepEqual(await ask('walt-server.walt'), ['127.77.0.1']);
  const [found = ''] = await resolver.reverse('127.77.0.7');
  t.is(found.toLowerCase(), 'pc-412-a.walt');
  t.deepEqual(await ask('nobody.walt'), ['ENOTFOUND']);
  t.deepEqual(await ask('wpad'), ['ENOTFOUND']);
  await t.throwsAsync(resolver.reverse('127.77.0.8'), { code: 'ENOTFOUND' });
  t.deepEqual(await ask('example.org'), ['EREFUSED']);
});

test('other names go to other resolvers, which say nothing of walt-net', async (t) => {
  const upstream = await startUpstream(t, '127.79.0.9', [
    '--address=/example.org/203.0.113.7',
    '--address=/evil.example.org/127.78.0.66',
    '--address=/walt/203.0.113.8',
  ]);
  const { ask, resolver } = await open(t, '127.78', { upstream: ['127.79.0.9:5353'] });
  t.deepEqual(await ask('example.org'), ['203.0.113.7']);
  t.deepEqual(await ask('evil.example.org'), ['ENOTFOUND']);
  t.deepEqual(await ask('web.walt'), ['ENOTFOUND']);
  t.deepEqual(await ask('web'), ['ENOTFOUND']);
  await t.throwsAsync(resolver.reverse('127.78.0.66'), { code: 'ENOTFOUND' });
  await t.throwsAsync(resolver.reverse('10.1.2.3'), { code: 'ENOTFOUND' });
  t.notRegex(upstream.said, /query\[[A-Z]+\] (web|\S*in-addr\.arpa)/);
});

test('the resolvers are those of resolv.conf as it is now; the server itself is none', async (t) => {
  const resolvConf = join(await temporaryFolder(t), 'resolv.conf');
  await writeFile(resolvConf, 'nameserver 127.80.0.1\n');
  const { ask, folder } = await open(t, '127.80', { resolvConf });
  t.deepEqual(await ask('example.org'), ['EREFUSED']);
  await writeFile(resolvConf, 'nameserver 192.0.2.53\n');
  const file = join(folder, 'names/servers');
  const text = await eventually(
    () => readFile(file, 'utf8'),
    (now) => now !== '',
    20,
  );
  t.is(text, 'server=192.0.2.53\n');
});

test('a name server that is killed or hangs is replaced, and serves the names of now', async (t) => {
  const { names, devices, problems, ask, folder } = await open(t, '127.81');
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const pid = await pidOf(folder);
    process.kill(pid, signal);
    devices.splice(0, 1, { ip: '127.81.0.7', name: `pc-${signal}` });
    names.changed();
    await eventually(() => pidOf(folder).catch(() => undefined), isAnother(pid), 180);
    await eventually(
      () => ask(`pc-${signal}`),
      ([found]) => found === '127.81.0.7',
      20,
    );
  }
  t.regex(problems[0] ?? '', /^dnsmasq ended.*starting it again$/);
  // Where it was stopped before the server had its first answer, that is said instead.
  t.regex(problems[1] ?? '', /^dnsmasq hangs .*replacing it$|dnsmasq runs, but answers nothing$/);
});

test('a name server that hangs while it starts is replaced', async (t) => {
  const { ask, folder, problems } = await open(t, '127.85');
  const first = await pidOf(folder);
  process.kill(first, 'SIGKILL');
  const second = await nextPid(folder, first);
  // Nothing else runs in this process until it is stopped: it has opened its port, and has answered nobody.
  stopOnceBound(second, '127.85.0.1');
  await eventually(() => pidOf(folder).catch(() => undefined), isAnother(second), 60);
  await eventually(
    () => ask('walt-server'),
    ([found]) => found === '127.85.0.1',
    20,
  );
  // On a busy machine it may have given its first answer already, and is one that hangs then.
  t.regex(problems[1] ?? '', /answers nothing$|^dnsmasq hangs /);
});

test('the process of a server that left it is found and replaced', async (t) => {
  const { make, folder, names } = await open(t, '127.82');
  const left = await pidOf(folder);
  const next = make();
  t.teardown(() => next.close());
  await next.start();
  t.not(await pidOf(folder), left);
  t.is(await identify(left), undefined);
  await names.close();
});

test('dnsmasq is nobody, may do nothing but open its port, and sees two files', async (t) => {
  const { folder } = await open(t, '127.83');
  const pid = await pidOf(folder);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  t.regex(status, /^Name:\tdnsmasq$/m);
  t.regex(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
  t.regex(status, /^CapEff:\t0000000000000400$/m);
  t.regex(status, /^CapBnd:\t0000000000000400$/m);
  t.regex(status, /^NoNewPrivs:\t1$/m);
  const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8');
  t.regex(mounts, / \/run ro,nosuid,nodev,noexec/);
});

test('10,000 devices that come one by one are written a few times', async (t) => {
  const { names, devices, ask } = await open(t, '127.84');
  const begin = performance.now();
  for (let count = 0; count < 10_000; count += 1) {
    devices.push({ ip: `127.84.${64 + (count >> 8)}.${count & 255}`, name: `pc-${count}` });
    names.changed();
    if (count % 100 === 0) await new Promise(setImmediate);
  }
  await eventually(
    () => ask('pc-9999'),
    ([found]) => found === '127.84.103.15',
    20,
  );
  t.log(`all found after ${Math.round(performance.now() - begin)} ms`);
  t.deepEqual(await ask('pc-0'), ['127.84.64.0']);
});

for (const [names, ms] of [
  [0, 200],
  [1000, 200],
  [3000, 600],
  [65_000, 1000],
] as const) {
  test(`pauseMs() lets names of ${names} machines wait for ${ms} ms`, (t) => {
    t.is(pauseMs(names), ms);
  });
}
