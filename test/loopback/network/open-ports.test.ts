// What a server opens is what docs/architecture.md says, for nodes and for machines of other networks.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { ip } from '../../../lab/network/ip.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { openLab } from '../../support/lab.ts';
import { type Namespace, plugMachine } from '../../support/namespace.ts';
import { plugOffice, SERVER_IN_OFFICE } from '../../support/network/office.ts';

const SERVER = '192.168.152.1';
const SCAN = join(import.meta.dirname, '../../../lab/clients/tcp-scan.ts');
const PAGE = join(import.meta.dirname, '../../../docs/architecture.md');

type Row = { readonly protocol: string; readonly port: number; readonly at: string };

/** `| program | TCP | 80 | walt-net | … |` */
async function tableOfPage(): Promise<Row[]> {
  const lines = (await readFile(PAGE, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [, protocol = '', port = '', at = ''] =
      /^\| [^|]+ \| (TCP|UDP) \| (\d+) \| ([^|]+) \|/.exec(line) ?? [];
    return protocol === '' ? [] : [{ protocol, port: Number(port), at: at.trim() }];
  });
}

const portsOf = (rows: readonly Row[], protocol: string) =>
  [...new Set(rows.filter((row) => row.protocol === protocol).map(({ port }) => port))].sort(
    (a, b) => a - b,
  );

async function scan(from: Namespace, address: string): Promise<number[]> {
  const { stdout } = await succeed(from.command([process.execPath, SCAN, address]), {
    seconds: 200,
  });
  return stdout.toString().split('\n').filter(Boolean).map(Number);
}

/** `UNCONN 0 0 192.168.152.1:69 0.0.0.0:*`: the addresses with their ports where something listens. */
async function socketsOf(server: Namespace, option: '-lntH' | '-lnuH'): Promise<string[]> {
  const { stdout } = await succeed(server.command(['ss', option]));
  const lines = stdout.toString().split('\n').filter(Boolean);
  return lines.map((line) => line.split(/\s+/)[3] ?? '').sort();
}

async function plugNode(t: ExecutionContext, server: Namespace): Promise<Namespace> {
  const card = { name: 'card', mac: '52:54:00:00:0c:01', port: 'port' };
  const node = await plugMachine(server, { name: `walt-lab-portsc-${process.pid}`, card });
  t.teardown(() => node.remove());
  await ip('-n', node.name, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  return node;
}

/** Whether the address of walt-net is reached from there, as where a router stands between: else no scan would prove anything. */
async function hasWay(from: Namespace, server: Namespace): Promise<boolean> {
  const listen = `TCP-LISTEN:7777,bind=${SERVER},reuseaddr`;
  const heard = runProgram(server.command(['socat', '-u', listen, 'STDOUT']), { seconds: 30 });
  for (let tries = 0; tries < 50; tries += 1) {
    const argv = ['socat', '-u', 'STDIN', `TCP:${SERVER}:7777,connect-timeout=5`];
    const { code } = await runProgram(from.command(argv), { input: 'way', seconds: 10 });
    if (code === 0) break;
    await sleep(100);
  }
  return (await heard).said === 'way';
}

test('a server opens what docs/architecture.md says, and nothing to other networks', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'ports');
  const node = await plugNode(t, lab.namespace);
  const office = await plugOffice(t, lab.namespace, {
    name: `walt-lab-portso-${process.pid}`,
    walt: '192.168.152.0/24',
  });
  t.true(await hasWay(office, lab.namespace));
  await lab.startServer();
  const rows = await tableOfPage();
  const outside = rows.filter(({ at }) => at === 'all addresses');
  const walt = rows.filter(({ at }) => at === 'walt-net');
  t.deepEqual(await scan(node, SERVER), portsOf(walt, 'TCP'));
  t.deepEqual(await scan(office, SERVER_IN_OFFICE), []);
  t.deepEqual(await scan(office, SERVER), portsOf(outside, 'TCP'));
  // A port takes no packet where no socket is bound to its address: the kernel's table has all of UDP.
  const where: Record<string, string> = {
    'walt-net': `${SERVER}:`,
    'interface of walt-net': '0.0.0.0%walt-net:',
  };
  for (const [protocol, option] of [
    ['TCP', '-lntH'],
    ['UDP', '-lnuH'],
  ] as const) {
    const said = rows.filter((row) => row.protocol === protocol);
    const expected = said.map(({ at, port }) => `${where[at]}${port}`).sort();
    t.deepEqual(await socketsOf(lab.namespace, option), expected, protocol);
  }
  await lab.endServer('SIGTERM');
});
