// The DHCP server among real machines that do what they should, and some that do not.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import { Background } from '../support/background.ts';
import { type DhcpLab, type Machine, openDhcpLab } from '../support/dhcp-lab.ts';
import { dhcpRequest } from '../support/dhcp-packets.ts';

const LOADER = ['-V', 'walt.node.pc-x86-64'];

/** Gets a lease and ends. */
const once = ({ script }: DhcpLab, { card }: Machine) =>
  ['udhcpc', '-i', card, '-f', '-q', '-n', '-t', '5', '-T', '1', '-s', script] as const;

function dnsmasqOn({ card }: Machine): readonly string[] {
  return [
    ...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--pid-file='],
    ...[
      `--interface=${card}`,
      '--except-interface=lo',
      '--user=root',
      '--leasefile-ro',
      '--log-facility=-',
    ],
    '--dhcp-range=192.168.152.50,192.168.152.99,1h',
  ];
}

test.serial(
  'a client that gets no answer by unicast renews by broadcast (REBINDING)',
  async (t) => {
    const lab = await openDhcpLab(t, `dr${process.pid}`);
    const pc = await lab.addMachine('pc');
    await lab.startServer({ leaseSeconds: 20 });
    const watch = new Background(lab.host.command(['tcpdump', '-vnli', 'walt-net', 'udp port 67']));
    t.teardown(() => watch.kill());
    await watch.waitFor(/listening on/);
    const client = pc.start('udhcpc', '-i', 'pc', '-f', '-s', lab.script);
    await client.waitFor(/now bound/);
    const address = await pc.address();
    const nobody = ['lladdr', '02:00:00:00:00:99', 'dev', 'pc', 'nud', 'permanent'];
    await pc.run('ip', 'neighbour', 'replace', '192.168.152.1', ...nobody);
    await client.waitFor(/now renew/, 60);
    t.is(await pc.address(), address);
    await watch.waitFor(new RegExp(`> 255\\.255\\.255\\.255\\.67: [^>]*Client-IP ${address}`));
    t.notRegex(
      watch.said,
      /192\.168\.152\.1\.67 > \S+: [^>]*Client-IP[\s\S]*> 255/,
      'unanswered before',
    );
  },
);

test.serial('an address in use is not offered; one that comes into use is declined', async (t) => {
  const lab = await openDhcpLab(t, `dc${process.pid}`);
  const squatter = await lab.addMachine('squatter');
  const pc = await lab.addMachine('pc');
  await squatter.run('ip', 'address', 'add', '192.168.152.2/24', 'dev', 'squatter');
  const server = await lab.startServer();
  await server.waitFor(/address 192\.168\.152\.2 is in use by 52:54:00:00:0c:01/);
  // By now others are proved to be free, and the server asks for them no more.
  await sleep(2000);
  await squatter.run('ip', 'address', 'add', '192.168.152.3/24', 'dev', 'squatter');
  await pc.run(...once(lab, pc), '-a', '-A', '1');
  t.regex(server.said, new RegExp(`${pc.mac} found 192\\.168\\.152\\.3 in use by another machine`));
  t.is(await pc.address(), '192.168.152.4');
});

test.serial('a client releases its address, and an INFORM is answered without one', async (t) => {
  const lab = await openDhcpLab(t, `di${process.pid}`);
  const pc = await lab.addMachine('pc');
  const server = await lab.startServer();
  const client = pc.start('udhcpc', '-i', 'pc', '-f', '-R', '-s', lab.script);
  await client.waitFor(/now bound/);
  const address = await pc.address();
  client.child.kill('SIGTERM');
  await client.ended();
  await server.waitFor(new RegExp(`release of ${pc.mac} from ${address}: silence`));

  await pc.run('ip', 'address', 'add', '192.168.152.40/24', 'dev', 'pc');
  const [question, answer] = [join(lab.folder, 'inform'), join(lab.folder, 'answer')];
  const ciaddr = '192.168.152.40';
  const inform = dhcpRequest({ messageType: 'inform' }, { ciaddr, chaddr: pc.mac });
  await writeFile(question, encodeDhcp(inform));
  const to = `UDP4:192.168.152.1:67,bind=${ciaddr}:68`;
  await pc.run('sh', '-c', `socat -t 3 - ${to} < ${question} > ${answer}`);
  const reply = decodeDhcp(await readFile(answer));
  t.like(reply, { ciaddr, yiaddr: '0.0.0.0' });
  t.like(reply.options, { messageType: 'ack', leaseTime: undefined, subnetMask: '255.255.255.0' });
});

test.serial('a client behind a relay gets an address, and the relay its option back', async (t) => {
  const lab = await openDhcpLab(t, `dy${process.pid}`);
  const relay = await lab.addMachine('relay');
  const pc = await lab.addMachine('pc');
  // The client's cable leads to the relay alone.
  await relay.run('ip', 'address', 'add', '192.168.152.5/24', 'dev', 'relay');
  await relay.run('ip', 'link', 'add', 'inner', 'type', 'veth', 'peer', 'name', 'outer');
  await relay.run('ip', 'link', 'set', 'outer', 'netns', pc.namespace.name);
  await relay.run('ip', 'address', 'add', '192.168.152.129/25', 'dev', 'inner');
  await relay.run('ip', 'link', 'set', 'inner', 'up');
  await pc.run('ip', 'link', 'set', 'pc', 'down');
  await pc.run('ip', 'link', 'set', 'outer', 'up');
  await lab.startServer();
  const watch = new Background(
    lab.host.command(['tcpdump', '-vnli', 'walt-net', 'src 192.168.152.1 and dst 192.168.152.129']),
  );
  t.teardown(() => watch.kill());
  await watch.waitFor(/listening on/);
  const agent = relay.start(
    ...['dhcrelay', '-4', '-d', '-a', '--no-pid', '-id', 'inner', '-iu', 'relay', '192.168.152.1'],
  );
  await agent.waitFor(/Sending on/);
  await pc.run(...once(lab, { ...pc, card: 'outer' }));
  await watch.waitFor(/DHCP-Message \(53\), length 1: ACK[\s\S]*Agent-Information \(82\)/);
  t.regex(watch.said, /192\.168\.152\.1\.67 > 192\.168\.152\.129\.67/);
});

test.serial('another DHCP server on the network is told of once, with its MAC', async (t) => {
  const lab = await openDhcpLab(t, `do${process.pid}`);
  const other = await lab.addMachine('other');
  const pc = await lab.addMachine('pc');
  await other.run('ip', 'address', 'add', '192.168.152.254/24', 'dev', 'other');
  const dnsmasq = other.start(...dnsmasqOn(other));
  await dnsmasq.waitFor(/DHCP, IP range/);
  const server = await lab.startServer();
  await server.waitFor(
    new RegExp(
      `another DHCP server is on this network: 192\\.168\\.152\\.254 \\(mac=${other.mac}\\)`,
    ),
  );
  await pc.run(...once(lab, pc));
  t.is(server.said.match(/another DHCP server/g)?.length, 1);
});

test.serial(
  'as a proxy the server leaves the addresses to another, and knows its nodes by them',
  async (t) => {
    const lab = await openDhcpLab(t, `dp${process.pid}`);
    const other = await lab.addMachine('other');
    const pc = await lab.addMachine('pc');
    await other.run('ip', 'address', 'add', '192.168.152.254/24', 'dev', 'other');
    const dnsmasq = other.start(...dnsmasqOn(other));
    await dnsmasq.waitFor(/DHCP, IP range/);
    const server = await lab.startServer({ mode: 'proxy' });
    await pc.run(...once(lab, pc), ...LOADER);
    const address = await pc.address();
    t.regex(address, /^192\.168\.152\.[5-9]\d$/);
    await server.waitFor(
      new RegExp(`new node name=\\S+ model=pc-x86-64 mac=${pc.mac} ip=${address}\n`),
    );
    await server.waitFor(new RegExp(`request of ${pc.mac} from 0\\.0\\.0\\.0: silence`));

    // The node's system speaks under another address: whoever hears it knows.
    await pc.run('ip', 'address', 'flush', 'dev', 'pc');
    await pc.run('ip', 'address', 'add', '192.168.152.77/24', 'dev', 'pc');
    await pc.run('busybox', 'ping', '-c', '1', '-W', '5', '192.168.152.1');
    const question = join(lab.folder, 'question');
    const fields = { ciaddr: '192.168.152.77', chaddr: pc.mac };
    const vendorClass = 'PXEClient:Arch:00000:UNDI:002001';
    const request = dhcpRequest({ messageType: 'request', vendorClass }, fields);
    await writeFile(question, encodeDhcp(request));
    const answer = join(lab.folder, 'answer');
    const to = 'UDP4:192.168.152.1:4011,bind=192.168.152.77:4011';
    await pc.run('sh', '-c', `socat -t 3 - ${to} < ${question} > ${answer}`);
    t.like(decodeDhcp(await readFile(answer)).options, {
      messageType: 'ack',
      vendorClass: 'PXEClient',
    });
  },
);

test.serial(
  'a machine that looks for an IPv6 router is told at once that there is none',
  async (t) => {
    const lab = await openDhcpLab(t, `dv${process.pid}`);
    const pc = await lab.addMachine('pc');
    await lab.startServer();
    await pc.run(
      'sysctl',
      '-qw',
      'net.ipv6.conf.pc.disable_ipv6=0',
      'net.ipv6.conf.pc.accept_dad=0',
    );
    await pc.run('ip', 'link', 'set', 'pc', 'down');
    await pc.run('ip', 'link', 'set', 'pc', 'up');
    await sleep(2000);
    const { said } = await pc.run('rdisc6', '-1', 'pc');
    t.regex(said, /Router lifetime +: +0 /);
    t.notRegex(said, /Prefix/);
    t.is((await pc.run('ip', '-6', 'route', 'show', 'default')).said, '');
  },
);
