// Names as a machine on walt-net finds them: at once after it came, was renamed and was forgotten; and nothing for others.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { type Namespace, plugMachine } from '../../support/namespace.ts';
import { plugOffice } from '../../support/network/office.ts';

const SERVER = '192.168.152.1';

type Client = { readonly namespace: Namespace; readonly card: string };

async function plugClient(t: ExecutionContext, lab: Lab, number: number): Promise<Client> {
  const card = `card${number}`;
  const namespace = await plugMachine(lab.namespace, {
    name: `walt-lab-names${number}-${process.pid}`,
    card: { name: card, mac: `52:54:00:00:0d:0${number}` },
  });
  t.teardown(() => namespace.remove());
  return { namespace, card };
}

async function askForAddress({ namespace, card }: Client, hostName: string): Promise<void> {
  const once = ['-f', '-q', '-n', '-t', '10', '-T', '1', '-s', TAKE_ADDRESS];
  const argv = ['udhcpc', '-i', card, ...once, '-x', `hostname:${hostName}`];
  await succeed(namespace.command(argv));
}

/** Finds names as programs do, by the resolver of libc with the server in its resolv.conf. */
async function libcOf(lab: Lab, { namespace }: Client) {
  const resolvConf = join(lab.folder, 'resolv.conf');
  await writeFile(resolvConf, `nameserver ${SERVER}\n`);
  const script = 'mount --bind "$0" /etc/resolv.conf && exec getent "$@"';
  return async (name: string, database = 'ahostsv4') => {
    const argv = ['unshare', '--mount', 'sh', '-c', script, resolvConf, database, name];
    const { code, stdout } = await runProgram(namespace.command(argv), { seconds: 30 });
    return code === 0 ? (stdout.toString().split('\n')[0] ?? '') : '';
  };
}

test('a machine finds others by name at once: when they come, have another name, are forgotten', async (t) => {
  t.timeout(180_000);
  const lab = await openLab(t, 'names', { dns: { upstream: [] } });
  const client = await plugClient(t, lab, 1);
  const web = await plugClient(t, lab, 2);
  const office = await plugOffice(t, lab.namespace, {
    name: `walt-lab-nameso-${process.pid}`,
    walt: '192.168.152.0/24',
  });
  await lab.startServer();
  await askForAddress(client, 'client-1');
  await askForAddress(web, 'Web-412');
  const find = await libcOf(lab, client);
  const isThere = (line: string) => line.startsWith('192.168.152.');
  await eventually(() => find('web-412'), isThere, 10);
  t.true(isThere(await find('web-412.walt')));
  t.regex(await find('walt-server'), /^192\.168\.152\.1 /);
  const address = (await find('web-412')).split(' ')[0] ?? '';
  await lab.walt('device', 'rename', 'web-412', 'pc-412-A');
  await eventually(() => find('pc-412-A'), isThere, 10);
  t.is(await find('web-412'), '');
  t.regex(await find(address, 'hosts'), /pc-412-a\.walt/i);
  await lab.walt('device', 'forget', 'pc-412-A');
  await eventually(
    () => find('pc-412-A'),
    (line) => line === '',
    10,
  );
  for (const reserved of ['localhost', 'wpad', 'walt-server']) {
    const { code, said } = await lab.tryWalt('device', 'rename', 'client-1', reserved);
    t.not(code, 0);
    t.regex(said, /is a reserved word/);
  }
  const argv = ['timeout', '3', 'busybox', 'nslookup', 'walt-server.walt', SERVER];
  t.not((await runProgram(office.command(argv))).code, 0);
  t.is((await runProgram(client.namespace.command(argv))).code, 0);
});

test('machines that call themselves like the server, or like what programs look for, do not get the name', async (t) => {
  t.timeout(120_000);
  const lab = await openLab(t, 'naming', { dns: { upstream: [] } });
  const client = await plugClient(t, lab, 3);
  await lab.startServer();
  await askForAddress(client, 'client-3');
  const find = await libcOf(lab, client);
  for (const [number, told] of ['walt-server', 'wpad', 'isatap', 'wpad.example.org'].entries()) {
    await askForAddress(await plugClient(t, lab, 4 + number), told);
  }
  t.regex(await find('walt-server'), /^192\.168\.152\.1 /);
  for (const name of ['wpad', 'wpad.walt', 'isatap', 'wpad.example.org'])
    t.is(await find(name), '');
});
