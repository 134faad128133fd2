// Form of a setting: the networks that a virtual machine is on.
import { complaint, type Form, type Reading, value } from '../setting.ts';
import { complaintAboutOptions, type Item, readItems } from './items.ts';

/** A network card of a virtual machine. A limit that is missing is none. */
export type NetworkCard = {
  /** of the network; the machine boots by the first, `walt-net` */
  readonly name: string;
  /** what each packet is held up for, milliseconds */
  readonly latencyMs?: number;
  readonly bitsPerSecond?: number;
};

/** The network that the server manages. */
export const WALT_NET = 'walt-net';

const NAME = /^[a-z][a-z0-9-]{0,14}$/;
const MOST = 8;
const MOST_LATENCY_MS = 10_000;
const UNITS = { K: 1e3, M: 1e6, G: 1e9 } as const;
/** A packet of 1,500 bytes takes more than a second below. */
const LEAST_RATE = 10 * UNITS.K;
const MOST_RATE = 100 * UNITS.G;
const EXPECTED = `expected names with commas between them, as ${WALT_NET},home-net[lat=8ms,bw=100Mbps]`;

/** A list of networks, `walt-net` first, each with limits where it has some: `walt-net,home-net[lat=8ms,bw=100Mbps]`. */
export const networks: Form<readonly NetworkCard[]> = {
  text: `${WALT_NET}, and up to ${MOST - 1} others behind it, as ${WALT_NET},home-net[lat=8ms,bw=100Mbps] (lat from 1ms to 10000ms, bw from 10Kbps to 100Gbps)`,
  read: (written) => {
    const items = readItems(written);
    if (items === undefined) return complaint(EXPECTED);
    if (items.length > MOST) return complaint(`expected ${MOST} networks at most`);
    const wrong = complaintAboutNames(items.map(({ name }) => name));
    if (wrong !== undefined) return complaint(wrong);
    const read: NetworkCard[] = [];
    for (const item of items) {
      const reading = readCard(item);
      if (reading.kind === 'complaint') return reading;
      read.push(reading.value);
    }
    return value(read);
  },
};

function complaintAboutNames(names: readonly string[]): string | undefined {
  const strange = names.find((name) => !NAME.test(name));
  if (strange !== undefined) {
    return `'${strange}' is no name of a network: it has up to 15 small letters, digits and dashes, a letter first`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `'${twice}' is there twice`;
  if (names[0] === WALT_NET) return undefined;
  return `the machine boots by ${WALT_NET}, expected it first`;
}

function readCard(item: Item): Reading<NetworkCard> {
  const wrong = complaintAboutOptions(item, ['lat', 'bw']);
  if (wrong !== undefined) return complaint(wrong);
  const { lat, bw } = Object.fromEntries(item.options) as { lat?: string; bw?: string };
  const latencyMs = lat === undefined ? undefined : readLatency(lat);
  if (latencyMs === null) return complaint(`lat=${lat}: expected 1ms to ${MOST_LATENCY_MS}ms`);
  const bitsPerSecond = bw === undefined ? undefined : readRate(bw);
  if (bitsPerSecond === null) return complaint(`bw=${bw}: expected 10Kbps to 100Gbps`);
  return value({
    name: item.name,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(bitsPerSecond === undefined ? {} : { bitsPerSecond }),
  });
}

/** @returns null for what is no latency */
function readLatency(text: string): number | null {
  const [, count = ''] = /^(\d+)ms$/.exec(text) ?? [];
  const ms = Number(count);
  return ms >= 1 && ms <= MOST_LATENCY_MS ? ms : null;
}

/** @returns null for what is no rate */
function readRate(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d+)([KMG])bps$/.exec(text) ?? [];
  if (unit === '') return null;
  const rate = Number(count) * UNITS[unit as keyof typeof UNITS];
  return rate >= LEAST_RATE && rate <= MOST_RATE ? rate : null;
}
