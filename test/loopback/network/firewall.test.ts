// The kernel's rules of a real server: there while it runs, replaced after a crash, gone when it ends in order; and those of
// others are left alone.
import test, { type ExecutionContext } from 'ava';
import { Firewall } from '../../../agent/net/firewall/firewall.ts';
import { startFirewall } from '../../../agent/start/network/firewall.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';

import { eventually, openLab } from '../../support/lab.ts';
import { createNamespace, type Namespace } from '../../support/namespace.ts';
import { plugOffice } from '../../support/network/office.ts';

const NFT = '/usr/sbin/nft';
const OTHERS =
  'table ip others { chain input { type filter hook input priority 0; tcp dport 7 drop; }; }';

async function tablesOf(namespace: Namespace): Promise<string[]> {
  const { stdout } = await succeed(namespace.command([NFT, 'list', 'tables']));
  return stdout.toString().split('\n').filter(Boolean).toSorted();
}

async function rulesOf(namespace: Namespace): Promise<string> {
  const { stdout } = await runProgram(namespace.command([NFT, 'list', 'table', 'ip', 'walt']));
  return stdout.toString();
}

test('the rules come with the server and go with it, and others stay', async (t) => {
  t.timeout(180_000);
  const lab = await openLab(t, 'firewall');
  const { namespace } = lab;
  await succeed(namespace.command([NFT, OTHERS]));
  await lab.startServer();
  const rules = await rulesOf(namespace);
  t.regex(rules, /iifname != "walt-net" tcp dport \{ 53, 80, 111, 2049, 12347, 20048 \} jump/);
  t.regex(
    rules,
    /iifname != "walt-net" udp dport \{ 53, 69, 111, 123, 514, 6666, 12342, 20048 \} jump/,
  );
  await lab.endServer('SIGKILL');
  t.is(await rulesOf(namespace), rules);
  await lab.startServer();
  t.is(await rulesOf(namespace), rules);
  await succeed(namespace.command([NFT, 'delete', 'table', 'ip', 'walt']));
  await eventually(
    () => rulesOf(namespace),
    (text) => text === rules,
    30,
  );
  await waitForText(lab.serverLog, /took the server's nftables rules away/, {
    what: 'the server',
    seconds: 20,
  });
  await lab.endServer('SIGTERM');
  t.deepEqual(await tablesOf(namespace), ['table ip others']);
  t.notRegex(await lab.serverLog(), /Cannot stop cleanly/);
});

async function problemsWith(t: ExecutionContext, nft: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  await using services = new AsyncDisposableStack();
  const network = { interface: 'walt-net', address: '192.168.152.1/24' } as never;
  const ports = {
    http: 80,
    tftp: 69,
    bootup: 12347,
    netconsole: 12342,
    syslog: 514,
    console: 6666,
  } as never;
  await startFirewall(
    { network, ports, dns: { enabled: true }, time: { enabled: true, trust: 'auto' } },
    {
      address: '192.168.152.1',
      onLimit: () => t.fail(),
      problem: (source) => (reason) => said.push(`${source}: ${reason}`),
      nft,
    },
    services,
  );
  return said;
}

test('a machine without nft(8) is told so once, and goes on', async (t) => {
  t.deepEqual(await problemsWith(t, ['walt-no-such-nft']), [
    'firewall: Other networks reach the servers of walt-net, and an address may open NFS connections fast: ' +
      'Cannot run walt-no-such-nft: it is not installed (Debian package walt-no-such-nft)',
  ]);
});

test('a kernel that refuses the rules is told of in its own words', async (t) => {
  const [said = '', ...more] = await problemsWith(t, ['sh', '-c', 'cat >&2; exit 1']);
  t.deepEqual(more, []);
  t.regex(said, /^firewall: .*sh -c failed \(1\): table ip walt/s);
});

test('met() names who was dropped, nobody before, and fails without the rules', async (t) => {
  const address = '192.168.152.1';
  const server = await createNamespace(`wfwm${process.pid}`, { address: `${address}/24` });
  t.teardown(() => server.remove());
  const name = `wfwo${process.pid}`;
  const office = await plugOffice(t, server, { name, walt: '192.168.152.0/24' });
  const inside = { limit: 'other-networks', tcp: [80], udp: [69] } as const;
  const nft = server.command([NFT]);
  const firewall = new Firewall({ interface: 'walt-net', address, inside, paces: [] }, { nft });
  await firewall.apply();
  t.deepEqual(await firewall.met(), []);
  await runProgram(office.command(['timeout', '1', 'curl', '-s', `http://${address}/`]));
  const met = [{ limit: 'other-networks', from: '10.9.9.2' }];
  // For as long as the kernel notes it, whether or not there is more.
  for (const _ of ['at once', 'and then']) t.deepEqual(await firewall.met(), met);
  await succeed(server.command([NFT, 'delete', 'table', 'ip', 'walt']));
  await t.throwsAsync(firewall.met());
  await firewall.apply();
  t.deepEqual(await firewall.met(), []);
});
