// Answers to machines without an address leave as frames: what stands on the cable is read by others (tcpdump, clients), on a bridge and in a VLAN.
import test, { type ExecutionContext } from 'ava';
import { openBroadcastFrames } from '../../../agent/net/ffi/frames/broadcast-frames.ts';
import { loadSystemCalls } from '../../../agent/net/ffi/system-calls.ts';
import type { Background } from '../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { type DhcpLab, type Machine, openDhcpLab } from '../../support/dhcp/lab.ts';

/** tcpdump on the card of a machine, with checksums looked at. */
async function watch(t: ExecutionContext, machine: Machine, card: string): Promise<Background> {
  const tcpdump = machine.start('tcpdump', '-vvenli', card, 'udp src port 67');
  t.teardown(() => tcpdump.kill());
  await tcpdump.waitFor(/listening on/);
  return tcpdump;
}

function udhcpc({ script }: DhcpLab, card: string): readonly string[] {
  return ['udhcpc', '-i', card, '-f', '-q', '-n', '-t', '5', '-T', '1', '-s', script];
}

/**
 * A UDP socket leaves its checksum to cards, which a cable between namespaces is not: tcpdump calls it bad. What the handler of all
 * messages answers leaves so: the first OFFER to a machine, while its address is not proved.
 */
const ANSWER = /192\.168\.152\.1\.67 > 255\.255\.255\.255\.68: \[udp sum ok\] BOOTP\/DHCP, Reply/g;

test.serial('answers on a bridge are whole packets with right checksums', async (t) => {
  const lab = await openDhcpLab(t, `bf${process.pid}`);
  const pc = await lab.addMachine('pc');
  await lab.startServer();
  await pc.run(...udhcpc(lab, 'pc'));
  t.is(await pc.address(), '192.168.152.2');
  const tcpdump = await watch(t, pc, 'pc');
  await pc.run(...udhcpc(lab, 'pc'));
  await tcpdump.waitFor(/DHCP-Message \(53\), length 1: ACK/);
  t.true((tcpdump.said.match(ANSWER) ?? []).length >= 2, tcpdump.said);
  t.notRegex(tcpdump.said, /bad udp cksum|bad cksum/);
  t.regex(tcpdump.said, /> ff:ff:ff:ff:ff:ff, ethertype IPv4/);
});

test.serial('answers in a VLAN have its tag, and reach nobody beside it', async (t) => {
  const lab = await openDhcpLab(t, `bv${process.pid}`);
  const [pc, other] = [await lab.addMachine('pc'), await lab.addMachine('other')];
  const host = async (...argv: string[]) => await succeed(lab.host.command(argv));
  const vlan = [
    'ip',
    'link',
    'add',
    'link',
    'walt-net',
    'name',
    'seven',
    'type',
    'vlan',
    'id',
    '7',
  ];
  const made = await runProgram(lab.host.command(vlan));
  if (made.said.includes('Unknown device type')) {
    t.log('not looked at: this kernel has no VLANs');
    return t.pass();
  }
  await host('ip', 'address', 'delete', '192.168.152.1/24', 'dev', 'walt-net');
  await host('ip', 'address', 'add', '192.168.152.1/24', 'dev', 'seven');
  await host('ip', 'link', 'set', 'seven', 'up');
  await pc.run('ip', 'link', 'add', 'link', 'pc', 'name', 'tagged', 'type', 'vlan', 'id', '7');
  await pc.run('ip', 'link', 'set', 'tagged', 'up');
  await lab.startServer({ networkInterface: 'seven' });
  await pc.run(...udhcpc(lab, 'tagged'));
  const [outer, beside] = [await watch(t, pc, 'pc'), await watch(t, other, 'other')];
  const inner = await watch(t, pc, 'tagged');
  const { said } = await pc.run(...udhcpc(lab, 'tagged'));
  t.regex(said, /obtained|lease of 192\.168\.152\./);
  await inner.waitFor(/DHCP-Message \(53\), length 1: ACK/);
  t.true((inner.said.match(ANSWER) ?? []).length >= 2, inner.said);
  t.notRegex(outer.said, /ethertype IPv4 \(0x0800\).*BOOTP/);
  t.notRegex(beside.said, /BOOTP/);
});

test.serial('where the server may have no packet socket its answers are datagrams', async (t) => {
  const lab = await openDhcpLab(t, `bu${process.pid}`);
  const pc = await lab.addMachine('pc');
  const by = ['setpriv', '--bounding-set', '-net_raw', '--inh-caps', '-net_raw'];
  const server = await lab.startServer({ by });
  t.regex(server.said, /Cannot see walt-net below IP/);
  const tcpdump = await watch(t, pc, 'pc');
  await pc.run(...udhcpc(lab, 'pc'));
  t.regex(await pc.address(), /^192\.168\.152\./);
  await tcpdump.waitFor(/DHCP-Message \(53\), length 1: ACK/);
  t.regex(tcpdump.said, /192\.168\.152\.1\.67 > 255\.255\.255\.255\.68/);
  t.notRegex(tcpdump.said, /udp sum ok/);
});

test('where an interface is not one of Ethernet, or is not there, there are no frames', async (t) => {
  const calls = await loadSystemCalls();
  if (calls === undefined) return t.fail('koffi is missing');
  const ends = {
    from: { address: '127.0.0.1', port: 67 },
    to: { address: '255.255.255.255', port: 68 },
  };
  t.is(openBroadcastFrames(calls, 'lo', ends), undefined);
  t.is(openBroadcastFrames(calls, 'no-such-card', ends), undefined);
});
