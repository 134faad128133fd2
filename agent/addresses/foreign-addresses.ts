// Proxy mode: another server gives out the addresses, and devices tell everybody which one they have. This file writes
// those addresses into the registry.
import type { BootRequest } from '../boot/request.ts';
import type { Detection } from '../devices/detection.ts';
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import { numberToIp } from '../protocol/ip.ts';
import { macToBytes } from '../protocol/mac.ts';

type Options = {
  readonly registry: Registry;
  readonly detection: Detection;
  /** whether an address lies in walt-net */
  readonly owns: (ip: string) => boolean;
  /** MAC of who has an address, as ARP tells it */
  readonly neighbourOf: (ip: string) => Promise<string | undefined>;
  /** whether the device runs its system, as far as is known: it then asks for no start */
  readonly isUp: (mac: string) => boolean;
};

/** What a machine says of itself. */
export type Claim = Pick<BootRequest, 'mac' | 'speaker' | 'model'>;

/** The map of announced devices is bounded, since anybody can announce devices that do not exist. */
const MOST_ANNOUNCED = 4096;

/** Learns the addresses of devices from what they say. Only devices that a boot loader announced are recorded. */
export class ForeignAddresses {
  readonly #options: Options;
  /** by MAC, the model that its boot loader announced; an entry goes when the device's address is known */
  readonly #announced = new Map<string, string | undefined>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Remembers a device whose WalT boot loader announced its model. Others may be machines of other people. */
  announce({ mac, speaker, model }: Claim): void {
    if (speaker !== 'walt-loader' || model === undefined) return;
    if (this.#announced.size >= MOST_ANNOUNCED) this.#announced.clear();
    this.#announced.set(mac, model);
  }

  /**
   * A packet showed that `mac` uses `ip`. Only devices that announced themselves ever are recorded, and none takes the address
   * of a node that is up: that one speaks from it.
   * @returns what happened: a new device, or a new node
   * @throws whatever a failed write throws
   */
  async see(ip: string, mac: string): Promise<readonly ServerEvent[]> {
    const { registry, detection, owns, isUp } = this.#options;
    const model = this.#announced.get(mac);
    const before = registry.byMac(mac);
    if (!owns(ip) || (model === undefined && (before === undefined || before.ip === ip))) return [];
    const holder = registry.byIp(ip);
    if (holder !== undefined && holder.mac !== mac && isUp(holder.mac)) return [];
    this.#announced.delete(mac);
    await this.#takeFromHolder(ip, mac);
    const seen = await detection.see({ mac, ip, ...(model === undefined ? {} : { model }) });
    if (before !== undefined || model === undefined) return seen;
    const first = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
    return [...seen, { kind: 'signal', mac, signal: first }];
  }

  /**
   * `mac` asks the other server for `ip`, which it need not get: so it takes no address from a known device yet. Once it
   * has the address, it says so by ARP before it fetches anything.
   * @throws whatever a failed write throws
   */
  async seeAsked(ip: string, mac: string): Promise<readonly ServerEvent[]> {
    const holder = this.#options.registry.byIp(ip);
    return holder === undefined || holder.mac === mac ? await this.see(ip, mac) : [];
  }

  /**
   * An ARP answer said that `mac` has `ip`. A machine with proxy ARP answers for others too: so an answer takes no address
   * from a known device. The one that really has it now says so unasked, and asks others from it.
   * @throws whatever a failed write throws
   */
  async seeAnswer(ip: string, mac: string): Promise<readonly ServerEvent[]> {
    return this.#options.registry.byIp(ip) === undefined ? await this.see(ip, mac) : [];
  }

  /** The other server gave `ip` to `mac`: a device that had it before has no known address now. */
  async #takeFromHolder(ip: string, mac: string): Promise<void> {
    const { registry } = this.#options;
    const holder = registry.byIp(ip);
    if (holder === undefined || holder.mac === mac) return;
    await registry.change(holder.mac, (device) =>
      device?.ip === ip ? { ...device, ip: noAddress(device.mac, registry.hasIp) } : device,
    );
  }

  /**
   * As `see`, for a machine that says itself who it is and has the address already. Anybody can say so: it is believed where
   * ARP says the same, and never moves a device that is up.
   */
  async claim(ip: string, request: Claim): Promise<readonly ServerEvent[]> {
    const { registry, neighbourOf, isUp } = this.#options;
    const { mac } = request;
    const isElsewhere = registry.byIp(ip)?.mac !== mac;
    if (isElsewhere && isUp(mac)) return [];
    if ((await neighbourOf(ip)) !== mac) return [];
    this.announce(request);
    return await this.see(ip, mac);
  }
}

/** An address that no machine can have (RFC 1122 §3.2.1.3) and no device has: nobody knows where this one is now. */
function noAddress(mac: string, isTaken: (ip: string) => boolean): string {
  const [high = 0, middle = 0, low = 0] = macToBytes(mac).slice(-3);
  let number = high * 65_536 + middle * 256 + low;
  while (isTaken(numberToIp(number))) number = (number + 1) % 2 ** 24;
  return numberToIp(number);
}
