/** The same messages to plain DHCP with the handler of all others behind it, and to that handler alone: both say and keep the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { onDhcp } from '../../agent/handlers/dhcp/on-dhcp.ts';
import { PlainDhcp } from '../../agent/handlers/dhcp/plain-dhcp.ts';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import type { DhcpReplies } from '../../agent/protocol/dhcp/replies.ts';
import { dhcpRequest } from '../../lab/clients/dhcp-packets.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { mutate } from '../support/bytes/mutate.ts';
import { openDhcp } from '../support/dhcp/handler.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

const SERVER = '192.168.152.1';
/** Fewer than the network has addresses for. */
const MACHINES = 60;
/** New kinds of clients are learnt a few at a time. */
const STEP_MS = 50;
const COMPARED = 100;
const DAMAGED = 0.2;
const MOST_TRIES = 1000;

type Random = () => number;
type Dhcp = Awaited<ReturnType<typeof openDhcp>>;

export const fuzzDhcpTwoWays: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const [one, other] = [await openDhcp(), await openDhcp()];
  const quick = openPlain(one);
  const counts = { taken: 0, answered: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const bytes = messageOf(random, offered(other));
    try {
      const isTaken = quick.take(bytes);
      const [said, expected] = [
        isTaken ? await quick.said() : await answer(one, bytes),
        await answer(other, bytes),
      ];
      if (!isDeepStrictEqual(said, expected))
        throw new Error(`${say(said)}\nand not ${say(expected)}`);
      counts.taken += isTaken ? 1 : 0;
      counts.answered += said === undefined ? 0 : 1;
      if (round % COMPARED === COMPARED - 1) compareDevices(one, other);
    } catch (cause) {
      throw new FuzzFault(round, bytes, cause);
    }
    for (const { time } of [one, other]) {
      time.ms += STEP_MS;
      time.us += STEP_MS * 1000;
    }
    if (round % COMPARED === 0) alive(round);
  }
  return { packets: rounds, ...counts };
};

function openPlain({ context, publish, store }: Dhcp) {
  const sent: Buffer[] = [];
  const { doubleBoots: _none, ...plainContext } = context;
  const plain = new PlainDhcp(plainContext, {
    ...{ publish, publishSoon: (make) => publish(make()) },
    onAnswer: () => undefined,
  });
  plain.open({
    send: (replies: DhcpReplies) => {
      for (let at = 0; at < replies.count; at += 1) sent.push(Buffer.from(replies.bytesOf(at)));
    },
    failed: (_client, error) => {
      throw error;
    },
    isWaiting: () => false,
  });
  return {
    take: (bytes: Buffer) =>
      plain.take(bytes, { start: 0, end: bytes.length }, { address: '0.0.0.0', port: 68 }),
    said: async () => {
      plain.end();
      // An ACK waits for others for a moment, and for the disk.
      for (let tries = 0; tries < MOST_TRIES && sent.length === 0; tries += 1) {
        await store.flush();
        await sleep(1);
      }
      return sent.splice(0).at(-1);
    },
  };
}

/** undefined: nothing is said. What no packet has room for is not said either, and told. */
async function answer({ context, publish }: Dhcp, bytes: Buffer): Promise<Buffer | undefined> {
  const packet = whole(bytes);
  if (packet === undefined) return undefined;
  const { reply, events } = await onDhcp(packet, context);
  publish(events);
  try {
    return reply && Buffer.from(encodeDhcp(reply.packet, reply.encoding));
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function whole(bytes: Buffer): DhcpPacket | undefined {
  try {
    return decodeDhcp(bytes);
  } catch {
    return undefined;
  }
}

function messageOf(random: Random, askedFor: readonly string[]): Buffer {
  const one = <Value>(...values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const bytesOf = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const mostly = <Value>(value: Value, ...odd: readonly Value[]) =>
    random() < 0.8 ? value : one(...odd);
  const machine = 1 + Math.floor(random() * MACHINES);
  const isRequest = random() < 0.5;
  const options: DhcpPacket['options'] = {
    ...one(
      {},
      { vendorClass: 'PXEClient:Arch:00007:UNDI:003016', clientArchitecture: [7] },
      { vendorClass: 'udhcp 1.30.1' },
      { userClass: { form: 'raw', values: ['iPXE'] } as const, ipxe: Uint8Array.of(1, 1, 1) },
    ),
    ...one({}, { hostName: one('bench-7', 'x', 'a'.repeat(63), 'b c', 'ü', 'localhost') }),
    ...one({}, {}, { clientIdentifier: bytesOf(one(2, 7, 20, 150, 255)) }),
    ...one({}, {}, { clientUuid: bytesOf(one(17, 16, 1, 200, 255)) }),
    ...one({}, { maxMessageSize: one(576, 1472, 300, 65_535) }),
    ...one({}, { leaseTime: one(1, 90, 2 ** 32 - 1) }),
    ...mostly(
      { parameterRequestList: [1, 3, 6, 12, 15, 51, 54] },
      {},
      { parameterRequestList: [...bytesOf(one(1, 60, 255))] },
    ),
    ...(isRequest
      ? {
          messageType: 'request' as const,
          ...mostly({ serverIdentifier: SERVER }, {}, { serverIdentifier: '192.168.152.77' }),
          requestedAddress: one(...askedFor, '192.168.152.200'),
        }
      : one({}, {}, { requestedAddress: one(...askedFor, '10.0.0.1') })),
  };
  const fields: Partial<DhcpPacket> = {
    chaddr: `02:00:00:00:00:${machine.toString(16).padStart(2, '0')}`,
    xid: Math.floor(random() * 2 ** 32),
    flags: one(0, 0x8000),
    ...mostly(
      {},
      { ciaddr: one(...askedFor, SERVER) },
      { secs: 65_535 },
      { giaddr: '10.1.2.3' },
      { hops: 3 },
    ),
  };
  const bytes = Buffer.from(encodeDhcp(dhcpRequest(options, fields)));
  return random() < DAMAGED ? Buffer.from(mutate(bytes, random)) : bytes;
}

/** Addresses that somebody may ask for: those that machines have. */
function offered({ registry }: Dhcp): string[] {
  return registry
    .all()
    .flatMap(({ ip }) => ip ?? [])
    .slice(0, MACHINES)
    .concat('192.168.152.2');
}

function compareDevices(one: Dhcp, other: Dhcp): void {
  const [kept, expected] = [one, other].map(({ registry }) =>
    registry.all().map(({ mac, ip, name, type, model }) => [mac, ip, name, type, model].join(' ')),
  );
  if (isDeepStrictEqual(kept, expected)) return;
  throw new Error(`devices ${kept?.join()}\nand not ${expected?.join()}`);
}

function say(bytes: Buffer | undefined): string {
  return bytes === undefined ? 'nothing' : JSON.stringify(decodeDhcp(bytes));
}
