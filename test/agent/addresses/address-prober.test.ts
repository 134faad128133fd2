import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { AddressPool } from '../../../agent/addresses/address-pool.ts';
import { AddressProber } from '../../../agent/addresses/address-prober.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { openRecords } from '../../support/records.ts';

const mac = '52:54:00:00:00:01';
const stranger = '52:54:00:00:00:02';
const ip = '192.168.152.2';

async function open(t: ExecutionContext, canAsk = true) {
  const { registry } = await openRecords();
  const now = () => performance.now();
  const pool = new AddressPool(parseCidr('192.168.152.1/30'), { isOwned: registry.hasIp });
  const asked: string[] = [];
  const ask = (address: string) => {
    asked.push(address);
    return canAsk;
  };
  const prober = new AddressProber({ pool, registry, ask, now });
  t.teardown(prober.start());
  return { registry, pool, prober, asked, now };
}

test('AddressProber.isFree() when nobody answers, and then at once', async (t) => {
  const { prober, asked } = await open(t);
  t.true(await prober.isFree(ip, mac));
  const before = asked.length;
  t.true(before > 0);
  t.true(await prober.isFree(ip, mac));
  t.is(asked.length, before);
});

test('AddressProber.heard() sets an address in use aside', async (t) => {
  const { prober, pool, now } = await open(t);
  const answer = prober.isFree(ip, mac);
  t.deepEqual(prober.heard(ip, stranger), [{ kind: 'address-conflict', ip, mac: stranger }]);
  t.false(await answer);
  t.false(pool.isFree(ip, now()));
  t.is(pool.offer(stranger, { now: now(), wanted: ip }), ip, 'who has it may have it');
});

test('AddressProber.heard() finds nothing wrong with a client that answers for the address offered to it', async (t) => {
  const { prober, pool, now } = await open(t);
  pool.offer(mac, { now: now(), wanted: ip });
  const answer = prober.isFree(ip, mac);
  t.deepEqual(prober.heard(ip, mac), []);
  t.true(await answer);
});

test('AddressProber fills its stock by itself', async (t) => {
  const { prober, asked } = await open(t);
  let stock: string[] = [];
  for (let round = 0; round < 500 && stock.length === 0; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    stock = [...prober.stock()];
  }
  t.deepEqual(stock, [ip]);
  t.true(asked.includes(ip));
});

test('AddressProber takes addresses for free where the network cannot be asked', async (t) => {
  const { prober } = await open(t, false);
  t.true(await prober.isFree(ip, mac));
});

test('AddressProber takes no silence for a proof where nobody could be asked', async (t) => {
  const { prober } = await open(t, false);
  await prober.isFree(ip, mac);
  await sleep(600);
  t.deepEqual([...prober.stock()], []);
});
