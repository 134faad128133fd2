/**
 * All attacks at once against one server, as a program: for tests, for benches, and for whoever wants to know how their own
 * server fares. Never against a network that is not yours.
 *
 *     node lab/abuse/storm.ts --server IP --card NAME [--api SOCKET] [--victim MAC]… [--pool N] [--seconds N] [ATTACK…]
 *
 * It attacks from all addresses that the card has, until SIGTERM or for the seconds given, and then prints how often each attack
 * was made, as JSON.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { etherTypes } from '../../agent/protocol/ethernet/frame.ts';
import { openWire } from '../network/wire.ts';
import { randomNumbers } from '../random-numbers.ts';
import type { Ground } from './attack.ts';
import { ATTACKS } from './attacks.ts';

const { values, positionals } = readArguments();
const { server, card, api, victim, pool, seconds } = values;
if (server === undefined || card === undefined)
  fail('say which server and which card: --server IP --card NAME');
const attacks = ATTACKS.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
const unknown = positionals.filter((name) => !ATTACKS.some((attack) => attack.name === name));
if (unknown.length > 0)
  fail(
    `no attack is called ${unknown.join(', ')}: there are ${ATTACKS.map(({ name }) => name).join(', ')}`,
  );

for (const [key, text] of Object.entries({ pool, seconds })) {
  if (!/^[1-9]\d*$/.test(text)) fail(`--${key} is '${text}': expected a whole number from 1`);
}

const end = new AbortController();
process.once('SIGTERM', () => end.abort());
const timer = setTimeout(() => end.abort(), Number(seconds) * 1000);
const own = (networkInterfaces()[card] ?? []).filter(({ family }) => family === 'IPv4');
const [first] = own;
if (first === undefined) fail(`card ${card} has no IPv4 address`);
const ground: Ground = {
  ...{ server, addresses: own.map(({ address }) => address), mac: first.mac },
  ...{ serverMac: await macOf(server), victims: victim.length > 0 ? victim : [first.mac] },
  ...(api === undefined ? {} : { apiSocket: api }),
  ...{ poolSize: Number(pool), random: randomNumbers(1), signal: end.signal },
  wire: await openWire(card, { hears: etherTypes.arp }),
};
const done: Record<string, number> = {};
console.log('storm');
await Promise.all(
  attacks.map(({ name, run }) => {
    done[name] = 0;
    return run(ground, (more = 1) => {
      done[name] = (done[name] ?? 0) + more;
    });
  }),
);
clearTimeout(timer);
console.log(JSON.stringify(done));
process.exit(0);

function readArguments() {
  try {
    return parseArgs({
      options: {
        ...{ server: { type: 'string' }, card: { type: 'string' }, api: { type: 'string' } },
        ...{ victim: { type: 'string', multiple: true, default: [] } },
        ...{ pool: { type: 'string', default: '250' }, seconds: { type: 'string', default: '60' } },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return fail(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** The kernel knows it once it has talked to the server. */
async function macOf(ip: string): Promise<string> {
  const socket = connect(80, ip);
  await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch(() => undefined);
  socket.destroy();
  const line = (await readFile('/proc/net/arp', 'utf8'))
    .split('\n')
    .find((each) => each.startsWith(`${ip} `));
  return line?.match(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/)?.[0] ?? fail(`nobody answers for ${ip}`);
}

function fail(reason: string): never {
  console.error(`Cannot make a storm: ${reason}`);
  process.exit(1);
}
