// The sockets of walt-net as the server opens them in its own process: as perl opens them for it.
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace } from '../../support/namespace.ts';

const test = anyTest.serial as TestFn<{ host: Namespace }>;

const OWN = join(import.meta.dirname, '../../../agent/net/own-sockets.ts');
const FACTS = join(import.meta.dirname, '../../../agent/net/ffi/interface-facts.ts');
const CALLS = join(import.meta.dirname, '../../../agent/net/ffi/system-calls.ts');
const ADDRESS = '192.168.152.1';

/** Opens all sockets, says how many it got, and runs a program meanwhile. */
const OPEN = `
const { openOwnSockets } = await import('${OWN}');
const { spawnSync } = await import('node:child_process');
const [interface_, address, ...argv] = process.argv.slice(1);
const places = { interface: interface_, address, ports: { tftp: 69, http: 80, bootup: 12347 } };
const opened = await openOwnSockets(places, {});
console.log('opened', Object.keys(opened ?? {}).join());
const { readdirSync, readlinkSync } = await import('node:fs');
const linkOf = (fd) => {
  try {
    return readlinkSync('/proc/self/fd/' + fd);
  } catch {
    return 'the one by which the folder was read';
  }
};
console.log('sockets', readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('socket:')).length);
if (argv.length > 0) console.log(String(spawnSync(argv[0], argv.slice(1)).stdout));
`;

async function open(host: Namespace, ...argv: string[]): Promise<string> {
  const node = [process.execPath, '--input-type=module', '-e', OPEN];
  const { code, said } = await runProgram(host.command([...node, ...argv]));
  if (code !== 0) throw new Error(said);
  return said;
}

test.before(async (t) => {
  t.context = { host: await createNamespace(`wo${process.pid}`) };
});

test.after.always((t) => t.context.host?.remove());

test('openOwnSockets() opens what machines come to, each where it is to lie', async (t) => {
  const said = await open(t.context.host, 'walt-net', ADDRESS, 'ss', '-Hnlutp');
  t.regex(said, /opened dhcp,tftp,http,bootup\n/);
  t.regex(said, /^udp .* 0\.0\.0\.0%walt-net:67 /m);
  t.regex(said, /^udp .* 192\.168\.152\.1:69 /m);
  t.regex(said, /^tcp +LISTEN +0 +4096 +192\.168\.152\.1:80 /m);
  t.regex(said, /^tcp +LISTEN +0 +4096 +192\.168\.152\.1:12347 /m);
});

test('openOwnSockets() gives them to no program that is run', async (t) => {
  const said = await open(t.context.host, 'walt-net', ADDRESS, 'ls', '-l', '/proc/self/fd');
  // Standard input and output of a child of Node.js are sockets, too.
  t.notRegex(said, /[3-9] -> socket:/);
});

for (const [what, networkInterface, address] of [
  ['an interface that is not there', 'nowhere', ADDRESS],
  ['an address that is not there', 'walt-net', '192.168.153.1'],
] as const) {
  test(`openOwnSockets() leaves nothing open for ${what}`, async (t) => {
    const said = await open(t.context.host, networkInterface, address);
    const [, count] = /sockets (\d+)/.exec(said) ?? [];
    const none = await open(t.context.host, 'nowhere', '');
    t.regex(said, /opened \n/);
    t.is(count, /sockets (\d+)/.exec(none)?.[1]);
  });
}

test('an interface without machines says its address and MAC as ip(8) does', async (t) => {
  const { host } = t.context;
  const ask = `
const { macBy, firstAddressBy } = await import('${FACTS}');
const { loadSystemCalls } = await import('${CALLS}');
const calls = await loadSystemCalls();
const names = ['walt-net', 'nowhere', 'a-name-that-is-too-long'];
console.log(JSON.stringify(names.map((name) => [macBy(calls, name), firstAddressBy(calls, name)])));
`;
  const argv = [process.execPath, '--input-type=module', '-e', ask];
  const { said } = await runProgram(host.command(argv));
  const shown = await runProgram(
    host.command(['ip', '-json', 'address', 'show', 'dev', 'walt-net']),
  );
  const [link] = JSON.parse(shown.said);
  const [first] = link.addr_info.filter(({ family }: { family: string }) => family === 'inet');
  t.deepEqual(JSON.parse(said), [
    [link.address, `${first.local}/${first.prefixlen}`],
    [null, null],
    [null, null],
  ]);
});
