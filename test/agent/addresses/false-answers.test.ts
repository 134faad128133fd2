import test from 'ava';
import { AddressPool } from '../../../agent/addresses/address-pool.ts';
import { AddressProber } from '../../../agent/addresses/address-prober.ts';
import { FalseAnswers } from '../../../agent/addresses/false-answers.ts';
import { OtherServers } from '../../../agent/addresses/other-servers.ts';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { onFrame } from '../../../agent/handlers/on-frame.ts';
import { logLines } from '../../../agent/journal/log-lines.ts';
import { encodeArp } from '../../../agent/protocol/ethernet/arp.ts';
import { encodeEthernet, etherTypes } from '../../../agent/protocol/ethernet/frame.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { openRecords } from '../../support/records.ts';

const liar = '52:54:00:00:00:66';
const honest = '52:54:00:00:00:01';
const HOUR = 3_600_000;
const SETTLED = 500;
const QUIET = 2000;

const ipOf = (last: number) => `192.168.152.${last}`;

/** Answers of `mac` for so many addresses from 192.168.152.10 on, a millisecond apart; whether each is said at once. */
function answers(found: FalseAnswers, options: { mac: string; count: number; at?: number }) {
  const { mac, count, at = 0 } = options;
  return Array.from({ length: count }, (_, index) =>
    found.heard({ ip: ipOf(10 + index), mac, isAnswer: true }, at + index),
  );
}

test('FalseAnswers finds a machine that answers for everybody, and says so once an hour', (t) => {
  const found = new FalseAnswers();
  t.deepEqual(answers(found, { mac: liar, count: 100 }), [true, ...Array(99).fill(false)]);
  t.deepEqual(found.judge(400, 0), { liars: [], honest: [] }, 'others may be silent yet');
  t.deepEqual(found.judge(SETTLED, 0).liars, [{ mac: liar, count: 100, own: [] }]);
  t.true(found.isLiar(liar));
  for (const at of [HOUR / 2, HOUR - 1]) {
    answers(found, { mac: liar, count: 100, at });
    t.deepEqual(found.judge(at + SETTLED - 1, 0).liars, []);
  }
  t.deepEqual(
    found.judge(HOUR + SETTLED, 0).liars.map(({ mac }) => mac),
    [liar],
  );
});

test('FalseAnswers believes a machine again an hour after it stopped', (t) => {
  const found = new FalseAnswers();
  answers(found, { mac: liar, count: 100 });
  found.judge(SETTLED, 0);
  found.judge(HOUR, 0);
  t.true(found.isAnyLiar());
  found.judge(HOUR + SETTLED, 0);
  t.false(found.isAnyLiar());
});

for (const count of [1, 2, 3]) {
  test(`FalseAnswers takes a machine with ${count} addresses for honest, and tells of each`, (t) => {
    const found = new FalseAnswers();
    const atOnce = answers(found, { mac: honest, count }).filter((isSaid) => isSaid).length;
    t.is(atOnce, 1);
    t.deepEqual(found.judge(SETTLED, 0).liars, []);
    t.is(found.judge(QUIET + count, 0).honest.length, count - 1);
    t.deepEqual(found.judge(2 * QUIET, 0), { liars: [], honest: [] });
  });
}

test('FalseAnswers takes a host of many addresses for honest, where as many have nobody', (t) => {
  const found = new FalseAnswers();
  answers(found, { mac: honest, count: 20 });
  t.deepEqual(found.judge(SETTLED, 108).liars, []);
  t.is(found.judge(QUIET + 20, 230).honest.length, 19);
});

test('FalseAnswers finds one that comes when addresses were proved before', (t) => {
  const found = new FalseAnswers();
  answers(found, { mac: liar, count: 60 });
  t.deepEqual(found.judge(SETTLED, 190).liars, []);
  answers(found, { mac: liar, count: 200, at: 1000 });
  t.is(found.judge(1500, 50).liars[0]?.count, 200);
});

test('FalseAnswers believes a liar where it asks, from a few addresses', (t) => {
  const found = new FalseAnswers();
  answers(found, { mac: liar, count: 100 });
  found.heard({ ip: ipOf(200), mac: liar, isAnswer: false }, 100);
  t.deepEqual(found.judge(SETTLED, 0).liars[0]?.own, [ipOf(200)]);
  const believed = (last: number, isAnswer: boolean) =>
    found.believes({ ip: ipOf(last), mac: liar, isAnswer });
  t.false(believed(200, true));
  t.deepEqual(
    [200, 201, 202, 203, 204].map((last) => believed(last, false)),
    [true, true, true, false, false],
  );
});

/** A prober on a network where `liar` answers each question, and `honest` has one address and says so as well. */
async function deceived(honestIp: string) {
  const { registry } = await openRecords();
  const now = () => performance.now();
  const pool = new AddressPool(parseCidr('192.168.152.1/25'), { isOwned: registry.hasIp });
  const events: ServerEvent[] = [];
  const lie = (ip: string) => events.push(...prober.heard(ip, liar));
  const ask = (ip: string) => {
    queueMicrotask(() => lie(ip));
    if (ip === honestIp) queueMicrotask(() => events.push(...prober.heard(ip, honest)));
    return true;
  };
  const publish = (found: readonly ServerEvent[]) => events.push(...found);
  const prober = new AddressProber({ pool, registry, ask, publish, now });
  return { pool, prober, events, now };
}

test('AddressProber goes on where a machine answers for everybody, in one line', async (t) => {
  const honestIp = ipOf(9);
  const { pool, prober, events, now } = await deceived(honestIp);
  t.teardown(prober.start());
  for (let round = 0; round < 500 && !prober.isAnyLiar(); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.true(prober.isLiar(liar));
  t.false(prober.isLiar(honest));
  const told = events.filter(({ kind }) => kind === 'false-answers');
  t.is(told.length, 1);
  t.regex(
    (told[0] && logLines(told[0])[0]?.line) ?? '',
    new RegExp(`^${liar} answers ARP .*unplug`),
  );
  t.is(events.filter((event) => event.kind === 'address-conflict' && event.mac === liar).length, 1);
  for (const ip of [ipOf(20), ipOf(30), ipOf(126)]) {
    t.true(pool.isFree(ip, now()), `${ip} was set aside`);
    t.true(await prober.isFree(ip, honest));
  }
  t.false(await prober.isFree(honestIp, '52:54:00:00:00:02'), 'others are believed');
});

test('onFrame() takes no liar for the DHCP server that a client named', async (t) => {
  const { prober } = await deceived(ipOf(9));
  t.teardown(prober.start());
  const servers = new OtherServers('192.168.152.1');
  servers.named(ipOf(200), 0);
  const own = '52:54:00:00:00:99';
  const answer = (mac: string) => {
    const arp = { senderMac: mac, senderIp: ipOf(200), targetMac: own, targetIp: '192.168.152.1' };
    const payload = encodeArp({ operation: 'reply', ...arp });
    const frame = { destination: own, source: mac, type: etherTypes.arp, payload };
    return onFrame(encodeEthernet(frame), { mac: own, prober, servers, answersIpv6: true }).events;
  };
  for (let round = 0; round < 500 && !prober.isAnyLiar(); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.deepEqual(answer(liar), []);
  t.like(answer(honest), [{ kind: 'other-dhcp-server', mac: honest }]);
});

test('FalseAnswers remembers a part only of what a liar claims', (t) => {
  const found = new FalseAnswers();
  answers(found, { mac: liar, count: 20 });
  t.is(found.judge(SETTLED + 20, 0).liars.length, 1);
  const claimAll = (at: number) => {
    for (let claim = 0; claim < 5000; claim += 1) {
      const ip = `10.${claim >> 8}.${claim & 255}.1`;
      found.heard({ ip, mac: liar, isAnswer: true }, at);
    }
  };
  claimAll(1000);
  found.judge(1001, 0);
  claimAll(HOUR + 900);
  const [said] = found.judge(HOUR + 901, 0).liars;
  t.is(said?.count, 1024);
});
