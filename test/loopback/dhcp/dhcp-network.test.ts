// The DHCP server among real machines that do what they should, and some that do not.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { decodeDhcp } from '../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import { dhcpRequest, rawUserClass } from '../../../lab/clients/dhcp-packets.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { type DhcpLab, type Machine, openDhcpLab } from '../../support/dhcp/lab.ts';

const LOADER = ['-V', 'walt.node.pc-x86-64'];

/** Gets a lease and ends. */
const once = ({ script }: DhcpLab, { card }: Machine) =>
  ['udhcpc', '-i', card, '-f', '-q', '-n', '-t', '5', '-T', '1', '-s', script] as const;

/**
 * dhclient has times of its own: it renews after 2 seconds, rebinds after 6, and repeats what is not answered each second
 * or two. With its usual 10 or more it may ask once before a short lease ends, and never by broadcast.
 */
const DHCLIENT_CONF = `
initial-interval 1;
backoff-cutoff 2;
supersede dhcp-renewal-time 2;
supersede dhcp-rebinding-time 6;
`;

async function dhclientOn({ folder, script }: DhcpLab, { card }: Pick<Machine, 'card'>) {
  const file = (name: string) => join(folder, `${card}.${name}`);
  await writeFile(file('conf'), DHCLIENT_CONF);
  return [
    ...['dhclient', '-d', '-v', '-cf', file('conf'), '-sf', script],
    ...['-lf', file('leases'), '-pf', file('pid'), card],
  ] as const;
}

/** dhclient asked by unicast for nothing, then by broadcast (its script is told of a renewal all the same). */
function reboundBy(speaker: string): RegExp {
  const asked = (to: string) => `DHCPREQUEST for \\S+ on \\S+ to ${to} port 67\\n`;
  const answered = `DHCPACK of \\S+ from ${speaker}\\nnow RE(NEW|BIND)`;
  return new RegExp(`${asked('192.168.152.1')}(${asked('255.255.255.255')})+${answered}`);
}

/** The cable of `pc`, its card `outer`, leads to a relay (ISC's) alone, which adds option 82. */
async function openRelayedLab(t: ExecutionContext, name: string) {
  const lab = await openDhcpLab(t, name);
  const relay = await lab.addMachine('relay');
  const pc = await lab.addMachine('pc');
  await relay.run('ip', 'address', 'add', '192.168.152.5/24', 'dev', 'relay');
  const mac = '52:54:00:00:0d:01';
  const peer = ['peer', 'name', 'outer', 'address', mac, 'netns', pc.namespace.name];
  await relay.run('ip', 'link', 'add', 'inner', 'type', 'veth', ...peer);
  await relay.run('ip', 'address', 'add', '192.168.152.129/25', 'dev', 'inner');
  await relay.run('ip', 'link', 'set', 'inner', 'up');
  await pc.run('ip', 'link', 'set', 'pc', 'down');
  await pc.run('ip', 'link', 'set', 'outer', 'up');
  const server = await lab.startServer();
  const agent = relay.start(
    ...['dhcrelay', '-4', '-d', '-a', '--no-pid', '-id', 'inner', '-iu', 'relay', '192.168.152.1'],
  );
  await agent.waitFor(/Sending on/);
  return { lab, pc: { ...pc, card: 'outer', mac }, relay, server };
}

/** Whether what lies behind the relay reaches the server by unicast, as through a router. */
async function route(relay: Machine, to: { readonly address: string; readonly isOn: boolean }) {
  const ipv4 = 'net.ipv4';
  const on = to.isOn ? 1 : 0;
  await relay.run('ip', 'route', 'replace', `${to.address}/32`, 'dev', 'inner');
  await relay.run('sysctl', '-qw', `${ipv4}.ip_forward=${on}`);
  for (const card of ['relay', 'inner']) {
    const settings = [`conf.${card}.proxy_arp=${on}`, `neigh.${card}.proxy_delay=0`];
    await relay.run('sysctl', '-qw', ...settings.map((setting) => `${ipv4}.${setting}`));
  }
}

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

test.serial(
  'dhclient renews by broadcast where nobody answers by unicast (REBINDING)',
  async (t) => {
    const lab = await openDhcpLab(t, `db${process.pid}`);
    const pc = await lab.addMachine('pc');
    const server = await lab.startServer();
    const client = pc.start(...(await dhclientOn(lab, pc)));
    await client.waitFor(/now RENEW/);
    const address = await pc.address();
    const nobody = ['lladdr', '02:00:00:00:00:99', 'dev', 'pc', 'nud', 'permanent'];
    await pc.run('ip', 'neighbour', 'replace', '192.168.152.1', ...nobody);
    await client.waitFor(reboundBy('192.168.152.1'), 60);
    t.is(await pc.address(), address);
    t.notRegex(client.said, /EXPIRE/);
    t.regex(server.said, new RegExp(`request of ${pc.mac} from ${address}: ack`));
  },
);

test.serial('a client behind a relay gets an address, and the relay its option back', async (t) => {
  const { lab, pc } = await openRelayedLab(t, `dy${process.pid}`);
  const watch = new Background(
    lab.host.command(['tcpdump', '-vnli', 'walt-net', 'src 192.168.152.1 and dst 192.168.152.129']),
  );
  t.teardown(() => watch.kill());
  await watch.waitFor(/listening on/);
  await pc.run(...once(lab, pc));
  await watch.waitFor(/DHCP-Message \(53\), length 1: ACK[\s\S]*Agent-Information \(82\)/);
  t.regex(watch.said, /192\.168\.152\.1\.67 > 192\.168\.152\.129\.67/);
});

test.serial(
  'dhclient behind a relay renews through a router, by the relay without one, and is told of a wrong address',
  async (t) => {
    const { lab, pc, relay, server } = await openRelayedLab(t, `dl${process.pid}`);
    const dhclient = await dhclientOn(lab, pc);
    const client = pc.start(...dhclient);
    await client.waitFor(/now BOUND/);
    const [, address = ''] = /now BOUND (\S+)/.exec(client.said) ?? [];
    await route(relay, { address, isOn: true });
    await client.waitFor(/now RENEW/, 60);
    await server.waitFor(new RegExp(`request of ${pc.mac} from ${address}: ack`));
    await route(relay, { address, isOn: false });
    await pc.run('ip', 'neighbour', 'flush', 'dev', 'outer');
    await client.waitFor(reboundBy('192.168.152.129'), 60);
    t.notRegex(client.said, /EXPIRE/);

    await client.kill();
    const leases = join(lab.folder, 'outer.leases');
    const right = await readFile(leases, 'utf8');
    const wrong = right.replaceAll(`fixed-address ${address};`, 'fixed-address 10.77.0.5;');
    await writeFile(leases, wrong);
    const again = pc.start(...dhclient);
    await again.waitFor(/now BOUND/, 60);
    t.regex(again.said, /DHCPREQUEST for 10\.77\.0\.5[\s\S]*DHCPNAK from 192\.168\.152\.129/);
    t.regex(again.said, new RegExp(`now BOUND ${address}\n`));
  },
);

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

    // Another machine asks in its name, and for its address: neither moves it.
    const forger = await lab.addMachine('forger');
    const known = () => {
      using database = new DatabaseSync(join(lab.folder, 'walt.db'), { readOnly: true });
      const row = database.prepare('SELECT ip FROM devices WHERE mac = ?').get(pc.mac);
      return row?.ip;
    };
    const packet = join(lab.folder, 'packet');
    const broadcast = 'UDP4-DATAGRAM:255.255.255.255:67,broadcast,sp=68,so-bindtodevice=forger';
    await forger.run('ip', 'address', 'add', '192.168.152.66/24', 'dev', 'forger');
    for (const [chaddr, asked] of [
      [pc.mac, '192.168.152.66'],
      [forger.mac, address],
    ] as const) {
      const announced = rawUserClass('walt.node.pc-x86-64');
      const wanted = { messageType: 'request', requestedAddress: asked } as const;
      const forged = dhcpRequest({ ...announced, ...wanted }, { chaddr, xid: 66 });
      await writeFile(packet, encodeDhcp(forged));
      await forger.run('socat', '-u', `FILE:${packet}`, broadcast);
    }
    await server.waitFor(new RegExp(`request of ${forger.mac} from 192\\.168\\.152\\.66: silence`));
    t.is(known(), address);

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

    // What is sent below IP names the interface as it is now.
    const setMac = ['link', 'set', 'walt-net', 'address', '02:00:00:00:00:77'];
    t.is((await runProgram(['ip', '-n', lab.host.name, ...setMac])).code, 0);
    const sender = /from fe80::ff:fe00:77\b/;
    let heard = '';
    for (let round = 0; round < 60 && !sender.test(heard); round += 1) {
      await sleep(500);
      heard = (await pc.run('rdisc6', '-1', 'pc')).said;
    }
    t.regex(heard, sender);
  },
);
