// A machine reaches a page of another network while its setting says so, and only then; the server's machine forwards no longer than that.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { INTERNET, PAGE, plugInternet } from '../../support/network/internet.ts';

async function plugClient(t: ExecutionContext, lab: Lab, name: string, number: number) {
  const card = `card${number}`;
  const plug = { name: card, mac: `52:54:00:00:0f:0${number}` };
  const machine = `walt-lab-${name}${number}-${process.pid}`;
  const namespace = await plugMachine(lab.namespace, { name: machine, card: plug });
  t.teardown(() => namespace.remove());
  // Its bridge has addresses of the other network.
  await ip('-n', namespace.name, 'link', 'delete', 'unused');
  const script = join(lab.folder, 'udhcpc.sh');
  await writeFile(
    script,
    '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip address replace "$ip/24" dev "$interface"\n' +
      '[ -z "$router" ] || ip route replace default via "$router"\necho "router=$router"\n',
  );
  await chmod(script, 0o755);
  const udhcpc = ['udhcpc', '-i', card, '-f', '-q', '-n', '-t', '10', '-T', '1', '-s', script];
  return {
    askForAddress: async () =>
      (await succeed(namespace.command([...udhcpc, '-x', `hostname:${name}-${number}`]))).said,
    route: () => ip('-n', namespace.name, 'route', 'replace', 'default', 'via', '192.168.152.1'),
    /** Whether a packet of one and the same exchange is answered. */
    pings: async () => {
      const ping = ['ping', '-q', '-c', '1', '-W', '2', '-e', '77', INTERNET];
      return (await runProgram(namespace.command(ping), { seconds: 20 })).code === 0;
    },
    /** What comes of asking for the page: its text, or nothing. */
    fetch: async (address = INTERNET) => {
      const curl = ['curl', '-s', '--connect-timeout', '2', `http://${address}/`];
      return (await runProgram(namespace.command(curl), { seconds: 20 })).stdout.toString();
    },
  };
}

const forwards = async ({ namespace }: Lab) =>
  (await succeed(namespace.command(['cat', '/proc/sys/net/ipv4/ip_forward']))).stdout
    .toString()
    .trim();

test('netsetup=NAT leads to other networks at once, and LAN ends that at once', async (t) => {
  t.timeout(240_000);
  const lab = await openLab(t, 'nat');
  await plugInternet(t, lab, 'nat');
  const client = await plugClient(t, lab, 'nat', 1);
  const other = await plugClient(t, lab, 'nat', 2);
  await lab.startServer();
  t.regex(await client.askForAddress(), /router=$/m);
  await other.askForAddress();
  await client.route();
  await other.route();
  t.is(await client.fetch(), '');
  t.is(await forwards(lab), '0');
  await lab.walt('device', 'config', 'nat-1', 'netsetup=NAT');
  t.is(await client.fetch(), PAGE);
  t.is(await other.fetch(), '');
  t.regex(await client.askForAddress(), /router=192\.168\.152\.1$/m);
  await lab.endServer('SIGKILL');
  t.is(await forwards(lab), '1');
  await lab.startServer();
  t.is(await client.fetch(), PAGE);
  await lab.walt('device', 'config', 'nat-2', 'netsetup=NAT');
  t.true(await client.pings());
  await lab.walt('device', 'config', 'nat-1', 'netsetup=LAN');
  t.false(await client.pings(), 'what is under way goes on');
  t.is(await other.fetch(), PAGE);
  await lab.walt('device', 'config', 'nat-2', 'netsetup=LAN');
  t.is(await client.fetch(), '');
  t.is(await forwards(lab), '0');
  await lab.walt('device', 'config', 'nat-1', 'netsetup=NAT');
  t.is(await client.fetch(), PAGE);
  await lab.endServer('SIGTERM');
  t.is(await client.fetch(), '');
  t.is(await forwards(lab), '0');
});

test('network.netsetup is for all devices that have no setting of their own; what the machine forwards besides stays', async (t) => {
  t.timeout(240_000);
  const lab = await openLab(t, 'natall', {
    network: { netsetup: 'NAT', address: '192.168.152.1/24' },
  });
  await plugInternet(t, lab, 'natall');
  const client = await plugClient(t, lab, 'natall', 1);
  await succeed(lab.namespace.command(['sysctl', '-qw', 'net.ipv4.ip_forward=1']));
  await lab.startServer();
  await client.askForAddress();
  await client.route();
  t.is(await client.fetch(), PAGE);
  await lab.walt('device', 'config', 'natall-1', 'netsetup=LAN');
  await lab.endServer('SIGTERM');
  t.is(await forwards(lab), '1');
});
