import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace, plugMachine } from '../../support/namespace.ts';

type Context = { folder: string; host: Namespace; clients: Namespace[]; server: Background };
const test = anyTest.serial as TestFn<Context>;

const name = `wd${process.pid}`;
const cards = ['first', 'second'];
/** Short enough that a client renews, and then rebinds, while a test looks on. */
const leaseSeconds = 12;

function startServer(host: Namespace, folder: string): Background {
  const program = join(import.meta.dirname, '../../support/dhcp/server-process.ts');
  const database = join(folder, 'walt.db');
  const argv = [process.execPath, program, 'walt-net', database, String(leaseSeconds)];
  return new Background(host.command(argv));
}

test.before(async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-dhcp-clients-'));
  const host = await createNamespace(`${name}h`);
  const clients: Namespace[] = [];
  for (const [at, card] of cards.entries()) {
    const mac = `52:54:00:00:01:0${at}`;
    clients.push(await plugMachine(host, { name: `${name}c${at}`, card: { name: card, mac } }));
  }
  const server = startServer(host, folder);
  t.context = { folder, host, clients, server };
  await server.waitFor(/listening/);
});

test.after.always(async (t) => {
  const { folder, host, clients = [], server } = t.context;
  await server?.kill();
  for (const client of clients) await client.remove();
  await host?.remove();
  if (folder) await rm(folder, { recursive: true });
});

/** Each card is in a machine of its own, as far as the network can tell. */
const machineOf = ({ clients }: Context, card: string) => clients[cards.indexOf(card)] as Namespace;

function start(t: ExecutionContext<Context>, argv: readonly string[]): Background {
  const machine = machineOf(t.context, argv.includes('first') ? 'first' : 'second');
  const program = new Background(machine.command(argv));
  t.teardown(() => program.kill());
  return program;
}

const udhcpc = (card: string) => [
  'udhcpc',
  '-i',
  card,
  '-f',
  '-s',
  TAKE_ADDRESS,
  '-V',
  'walt.node.pc-x86-64',
];
const dhclient = (folder: string, card: string) => [
  'dhclient',
  '-d',
  '-v',
  '-cf',
  '/dev/null',
  '-lf',
  join(folder, `${card}.leases`),
  '-pf',
  join(folder, `${card}.pid`),
  '-sf',
  TAKE_ADDRESS,
  card,
];

async function addressOf(context: Context, card: string): Promise<string> {
  const { name: machine } = machineOf(context, card);
  const { said } = await runProgram(['ip', '-n', machine, '-4', '-o', 'address', 'show', card]);
  return /inet ([\d.]+)\//.exec(said)?.[1] ?? '';
}

test('onDhcp() gives udhcpc a lease, which it renews', async (t) => {
  const { server } = t.context;
  const program = start(t, udhcpc('first'));
  await program.waitFor(/now bound/);
  const address = await addressOf(t.context, 'first');
  t.regex(address, /^192\.168\.152\.\d+$/);
  await program.waitFor(/now renew/);
  t.is(await addressOf(t.context, 'first'), address);
  t.regex(server.said, new RegExp(`request of 52:54:00:00:01:00 from ${address}: ack`));
});

test('onDhcp() gives dhclient a lease, which it renews', async (t) => {
  const { folder, server } = t.context;
  const program = start(t, dhclient(folder, 'second'));
  await program.waitFor(/now BOUND/);
  const address = await addressOf(t.context, 'second');
  t.regex(address, /^192\.168\.152\.\d+$/);
  t.not(address, await addressOf(t.context, 'first'));
  await program.waitFor(/now RENEW/);
  t.regex(server.said, new RegExp(`request of 52:54:00:00:01:01 from ${address}: ack`));
});

test('onDhcp() confirms the address of a dhclient that starts again, also to a server killed meanwhile', async (t) => {
  const { folder, host } = t.context;
  const address = await addressOf(t.context, 'second');
  await t.context.server.kill();
  t.context.server = startServer(host, folder);
  await t.context.server.waitFor(/listening/);
  const program = start(t, dhclient(folder, 'second'));
  await program.waitFor(/now (REBOOT|BOUND)/);
  t.is(await addressOf(t.context, 'second'), address);
  t.notRegex(program.said, /DHCPNAK/);
  t.notRegex(t.context.server.said, /discover of 52:54:00:00:01:01/);
});

test('onDhcp() tells a dhclient with an address of another network that it is wrong there', async (t) => {
  const { folder } = t.context;
  const address = await addressOf(t.context, 'second');
  const leases = join(folder, 'second.leases');
  const elsewhere = (await readFile(leases, 'utf8')).replaceAll(address, '10.77.0.5');
  await writeFile(leases, elsewhere);
  const program = start(t, dhclient(folder, 'second'));
  await program.waitFor(/now (REBOOT|BOUND)/, 60);
  t.regex(program.said, /DHCPNAK/);
  t.is(await addressOf(t.context, 'second'), address);
});
