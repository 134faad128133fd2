// The network cards of virtual machines, on the server's side: a tap for each, in the bridge of walt-net or in one of a
// secondary network. A bridge of a secondary network is there for as long as a machine is in it.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { messageOf, WaltError } from '../../errors.ts';
import { linkNamed, links } from '../../host/links/links.ts';
import { runProgram } from '../../host/processes/program.ts';
import { folderName } from './machine-files.ts';
import type { NetworkPlan } from './plan.ts';

/** More cards than this has no machine. */
const MOST_NETWORKS = 8;

/** Name of the tap of a machine's card. The names of interfaces have 15 characters at most. */
export function tapName(mac: string, number: number): string {
  return `v${folderName(mac)}${number}`;
}

/** The MAC of a card: that of the machine for the first one; locally administered ones for the others. */
export function cardMac(mac: string, number: number): string {
  if (number === 0) return mac;
  const digest = createHash('sha256').update(`${mac}/${number}`).digest('hex').slice(0, 10);
  return `02:${digest.match(/../g)?.join(':')}`;
}

/**
 * Why virtual machines cannot be plugged into an interface, in words; undefined where they can.
 * @param name of the interface of walt-net
 */
export async function complaintAboutBridge(name: string): Promise<string | undefined> {
  if ((await linkNamed(name))?.bridge !== undefined) return undefined;
  return (
    `interface ${name} is no bridge, and virtual nodes can be plugged into a bridge alone. Make one, give it the ` +
    `address of ${name}, put ${name} into it, and name it in the configuration as network.interface ` +
    `(ip link add walt-net type bridge; ip link set ${name} master walt-net)`
  );
}

/**
 * The taps of all machines of one server. What is asked for is done one after the other: a bridge without members is removed,
 * and another machine may be about to enter it.
 */
export class Taps {
  readonly #bridge: string;
  readonly #user: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param bridge of walt-net. @param user who may open them, beside root */
  constructor(bridge: string, user?: string) {
    this.#bridge = bridge;
    this.#user = user;
  }

  /**
   * Makes the taps of a machine, each in its bridge; those that are there already are made anew.
   * @throws {WaltError} with what `ip` or `tc` said; taps are left then, and `remove` removes them
   */
  add(mac: string, networks: readonly NetworkPlan[]): Promise<void> {
    return this.#inTurn(() => addTaps(mac, { networks, bridge: this.#bridge, user: this.#user }));
  }

  /** Removes the taps of a machine, and the bridges of secondary networks that nobody is in any more. */
  remove(mac: string): Promise<void> {
    return this.#inTurn(() => removeTaps(mac));
  }

  /**
   * Puts the first cards of these machines that are in no bridge into walt-net's, where there is one.
   * @returns the MACs of those that were in none
   */
  plugIn(macs: readonly string[]): Promise<string[]> {
    return this.#inTurn(() => plugIn(macs, this.#bridge));
  }

  /** Why this kernel cannot delay or slow down a network as it is wanted, in words; undefined where it can. */
  complaint(networks: readonly NetworkPlan[]): Promise<string | undefined> {
    return this.#inTurn(() => complaintAboutShaping(networks));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

type Wanted = {
  readonly networks: readonly NetworkPlan[];
  readonly bridge: string;
  readonly user: string | undefined;
};

async function addTaps(mac: string, { networks, bridge, user }: Wanted): Promise<void> {
  await removeTaps(mac);
  const owner = user === undefined ? [] : ['user', user];
  for (const [number, network] of networks.entries()) {
    const tap = tapName(mac, number);
    await ip('tuntap', 'add', 'dev', tap, 'mode', 'tap', ...owner);
    const master = number === 0 ? bridge : await secondaryBridge(network.name);
    await ip('link', 'set', tap, 'master', master, 'up');
    await shape(tap, network);
  }
}

async function removeTaps(mac: string): Promise<void> {
  const taps = Array.from({ length: MOST_NETWORKS }, (_none, number) => tapName(mac, number));
  for (const { name } of await links()) if (taps.includes(name)) await remove(name);
  const left = await links();
  const isUsed = (bridge: string) => left.some(({ master }) => master === bridge);
  const secondary = left.filter(({ name }) => /^wn-[0-9a-f]{8}$/.test(name));
  for (const { name } of secondary) if (!isUsed(name)) await remove(name);
}

/** A bridge that is taken away lets go of what is in it. */
async function plugIn(macs: readonly string[], bridge: string): Promise<string[]> {
  const all = await links();
  if (all.find(({ name }) => name === bridge)?.bridge === undefined) return [];
  const loose = new Set(all.filter(({ master }) => master === undefined).map(({ name }) => name));
  const plugged = macs.filter((mac) => loose.has(tapName(mac, 0)));
  for (const mac of plugged) await ip('link', 'set', tapName(mac, 0), 'master', bridge, 'up');
  return plugged;
}

async function complaintAboutShaping(
  networks: readonly NetworkPlan[],
): Promise<string | undefined> {
  const wanted = networks.filter((network) => shaping(network) !== undefined);
  if (wanted.length === 0) return undefined;
  const noTc = await runProgram('tc', ['-V']).then(() => undefined, messageOf);
  if (noTc !== undefined) return noTc;
  // A server that was killed while it tried has left its tap.
  for (const left of await devices(/^wt-try-\d+$/)) {
    const pid = Number(left.slice('wt-try-'.length));
    if (pid === process.pid || !existsSync(`/proc/${pid}`)) await remove(left);
  }
  const tap = `wt-try-${process.pid}`.slice(0, 15);
  await ip('tuntap', 'add', 'dev', tap, 'mode', 'tap');
  try {
    for (const network of wanted) {
      const reason = await shape(tap, network).then(() => undefined, messageOf);
      if (reason !== undefined) return complaint(network, reason);
    }
  } finally {
    await remove(tap);
  }
  return undefined;
}

function complaint({ name, latencyMs }: NetworkPlan, reason: string): string {
  const [key, module] = latencyMs === undefined ? ['bw', 'sch_tbf'] : ['lat', 'sch_netem'];
  return `${key}= of network ${name} needs ${module}, which this machine's kernel refuses (${reason})`;
}

/** What goes out of the tap is what reaches the machine. */
async function shape(tap: string, network: NetworkPlan): Promise<void> {
  const words = shaping(network);
  if (words === undefined) return;
  await runProgram('tc', ['qdisc', 'replace', 'dev', tap, 'root', ...words]);
}

function shaping({ latencyMs, bitsPerSecond }: NetworkPlan): string[] | undefined {
  const rate = bitsPerSecond === undefined ? undefined : `${bitsPerSecond}bit`;
  if (latencyMs !== undefined) {
    return ['netem', 'delay', `${latencyMs}ms`, ...(rate === undefined ? [] : ['rate', rate])];
  }
  if (rate === undefined) return undefined;
  // Room for a burst of 10 ms at the rate, and for the largest packet that a card hands over at once.
  const burst = Math.max(65_536, Math.ceil((bitsPerSecond ?? 0) / 800));
  return ['tbf', 'rate', rate, 'burst', String(burst), 'latency', '400ms'];
}

/** A network's name may be longer than that of an interface: the bridge has a short one, and the name as its alias. */
async function secondaryBridge(name: string): Promise<string> {
  const bridge = `wn-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  if (await exists(bridge)) return bridge;
  await ip('link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
  await ip('link', 'set', bridge, 'alias', `WalT network ${name}`, 'up');
  return bridge;
}

/** Names of network devices that look so. */
async function devices(pattern: RegExp): Promise<string[]> {
  return (await links()).map(({ name }) => name).filter((name) => pattern.test(name));
}

/** One that is gone meanwhile, with its network or by another hand, is as wanted. */
async function remove(device: string): Promise<void> {
  if (!(await exists(device))) return;
  try {
    await ip('link', 'delete', device);
  } catch (reason) {
    if (await exists(device)) throw reason;
  }
}

async function exists(device: string): Promise<boolean> {
  return (await linkNamed(device)) !== undefined;
}

async function ip(...words: string[]): Promise<void> {
  try {
    await runProgram('ip', words);
  } catch (cause) {
    throw new WaltError(`Cannot change the network of virtual machines: ${messageOf(cause)}`, {
      cause,
    });
  }
}
