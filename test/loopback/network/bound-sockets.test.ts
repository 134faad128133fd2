import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace } from '../../support/namespace.ts';

type Context = { host: Namespace; client: Namespace; server: Background };
const test = anyTest.serial as TestFn<Context>;

/** A DHCP server in a process of its own, started as `main.ts` starts: it must end up on one interface alone. */
function startServer(host: Namespace, networkInterface: string): Background {
  const program = join(import.meta.dirname, '../../support/dhcp/server-process.ts');
  return new Background(host.command([process.execPath, program, networkInterface]));
}

async function run(argv: readonly string[]): Promise<string> {
  const { code, said } = await runProgram(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${said}`);
  return said;
}

const name = `wn${process.pid}`;

// The host has two networks, as a laptop with a lab behind it; the client has a card on each.
test.before(async (t) => {
  const host = await createNamespace(`${name}h`);
  const client = await createNamespace(`${name}c`, { bridge: 'unused', address: '10.9.9.1/24' });
  for (const [card, mac] of [
    ['lab', '52:54:00:00:00:01'],
    ['office', '52:54:00:00:00:02'],
  ] as const) {
    await run([
      'ip',
      '-n',
      host.name,
      'link',
      'add',
      card,
      'type',
      'veth',
      'peer',
      'name',
      card,
      'address',
      mac,
      'netns',
      client.name,
    ]);
    await run(['ip', '-n', host.name, 'link', 'set', card, 'up']);
    await run(['ip', '-n', client.name, 'link', 'set', card, 'up']);
  }
  await run(['ip', '-n', host.name, 'link', 'set', 'lab', 'master', 'walt-net']);
  await run(['ip', '-n', host.name, 'address', 'add', '192.168.7.1/24', 'dev', 'office']);
  // The default route leads elsewhere: a broadcast of an unbound socket would leave there.
  await run(['ip', '-n', host.name, 'route', 'add', 'default', 'via', '192.168.7.2']);
  const server = startServer(host, 'walt-net');
  t.context = { host, client, server };
  await server.waitFor(/listening/);
});

test.after.always(async (t) => {
  await t.context.server?.kill();
  await t.context.client?.remove();
  await t.context.host?.remove();
});

const udhcpc = (client: Namespace, card: string) =>
  runProgram(
    client.command([
      'udhcpc',
      '-i',
      card,
      '-f',
      '-q',
      '-n',
      '-t',
      '3',
      '-T',
      '1',
      '-s',
      '/bin/true',
    ]),
  );

test('withSockets() keeps the process id and marks the socket for this process alone', async (t) => {
  const { server } = t.context;
  t.regex(server.said, new RegExp(`listening pid=${server.child.pid}\\n`));
  t.regex(server.said, /inherited by a child: no\n/);
});

test('startDhcpServer() hears and answers a client on walt-net', async (t) => {
  const { client, server } = t.context;
  const { code, said } = await udhcpc(client, 'lab');
  t.is(code, 0, said);
  t.regex(said, /lease of 192\.168\.152\.\d+ obtained from 192\.168\.152\.1/);
  await server.waitFor(/request of 52:54:00:00:00:01/);
});

test('startDhcpServer() neither hears nor answers a client on another network', async (t) => {
  const { client, server } = t.context;
  const { code, said } = await udhcpc(client, 'office');
  t.not(code, 0, said);
  t.notRegex(server.said, /52:54:00:00:00:02/);
});

test('startDhcpServer() broadcasts on walt-net only', async (t) => {
  const { client } = t.context;
  const watch = (card: string) =>
    runProgram(client.command(['timeout', '5', 'tcpdump', '-nei', card, '-l', 'udp src port 67']));
  const watching = Promise.all([watch('lab'), watch('office')]);
  await sleep(2000);
  await udhcpc(client, 'lab');
  const [lab, office] = await watching;
  t.regex(lab.said, /192\.168\.152\.1\.67 > 255\.255\.255\.255\.68/);
  t.notRegex(office.said, /\.67 > /);
});

test('withSockets() lets a second server on the same interface fail, saying why', async (t) => {
  const second = startServer(t.context.host, 'walt-net');
  t.is(await second.ended(), 1);
  t.regex(second.said, /Cannot open the DHCP socket on walt-net: bind to port 67: /);
});

test('withSockets() fails for an interface that does not exist', async (t) => {
  const lost = startServer(t.context.host, 'nowhere');
  t.is(await lost.ended(), 1);
  t.regex(lost.said, /Cannot open the DHCP socket on nowhere: bind to interface: /);
});
