// Answers of a switch with bytes changed, cut or added: asking ends with what could be read, or with an error that says so.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import fc from 'fast-check';
import { SnmpError, withSnmp } from '../../../agent/snmp/client.ts';
import { shownOctets } from '../../../agent/snmp/shown-octets.ts';
import { findPlaces } from '../../../agent/switches/places.ts';
import { readSwitch } from '../../../agent/switches/read-switch.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { emulateSwitch } from '../../../lab/switches/emulated-switch.ts';

const ROUNDS = 60;

for (const version of ['1', '2c', '3'] as const) {
  test(`SnmpClient version ${version}: damaged answers end in a result or an SnmpError`, async (t) => {
    const v3 = { user: 'walt', password: 'a long password', privacy: 'another password' };
    const given = version === '3' ? v3 : { community: 'lab' };
    await using sw = await emulateSwitch({ access: given, portCount: 4, mac: '02:5e:00:00:00:01' });
    sw.portOf(2).stations.add('b8:27:eb:00:00:01');
    sw.portOf(3).neighbour = { mac: '02:5e:00:00:00:02', name: 'x', port: '1' };
    const random = randomNumbers(18);
    const inner = createSocket('udp4').bind(0, '127.0.0.1');
    const outer = createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(inner, 'listening'), once(outer, 'listening')]);
    let asker = 0;
    outer.on('message', (question, from) => {
      asker = from.port;
      inner.send(question, sw.port, '127.0.0.1');
    });
    inner.on('message', (answer) => outer.send(damaged(answer, random), asker, '127.0.0.1'));
    const access = version === '3' ? { version, ...v3 } : { version, community: 'lab' };
    const target = { name: 'sw-1', ip: '127.0.0.1', port: outer.address().port, access };
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        try {
          const facts = await withSnmp(target, readSwitch, { timeout: 30, retries: 0 });
          findPlaces(new Map([['02:5e:00:00:00:01', facts]]), '02:00:00:00:00:01');
        } catch (reason) {
          t.true(reason instanceof SnmpError, String(reason));
        }
      }
    } finally {
      inner.close();
      outer.close();
    }
    t.true(sw.questions() >= ROUNDS);
  });
}

/** One answer in three is damaged. */
function damaged(answer: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(answer);
  if (random() < 0.66) return bytes;
  const kind = random();
  if (kind < 0.2) return bytes.subarray(0, Math.floor(random() * bytes.length));
  if (kind < 0.3) return Buffer.concat([bytes, Buffer.alloc(50, 0xff)]);
  for (let count = 0; count < 1 + random() * 4; count += 1) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return bytes;
}

test('shownOctets() whatever the octets, is short and has no control characters', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      const text = shownOctets(octets);
      return text.length <= 64 && !/\p{C}/u.test(text);
    }),
  );
  t.pass();
});
