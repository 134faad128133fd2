// Which device has which address where another server gives them out: told by what devices say of themselves.
import type { BootRequest } from '../boot/request.ts';
import type { Detection } from '../devices/detection.ts';
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import { macToBytes } from '../protocol/mac.ts';

type Options = {
  readonly registry: Registry;
  readonly detection: Detection;
  /** whether an address lies in walt-net */
  readonly owns: (ip: string) => boolean;
};

/** Anyone can announce devices that do not exist. */
const MOST_ANNOUNCED = 4096;

export class ForeignAddresses {
  readonly #options: Options;
  /** models that boot loaders announced, by MAC, until their address is seen */
  readonly #announced = new Map<string, string | undefined>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A boot loader told who it is. Firmware and systems that nobody knows yet are other people's machines. */
  announce({ mac, speaker, model }: BootRequest): void {
    if (speaker !== 'walt-loader' || model === undefined) return;
    if (this.#announced.size >= MOST_ANNOUNCED) this.#announced.clear();
    this.#announced.set(mac, model);
  }

  /** `mac` was seen to use `ip`, or to ask for it. Only devices that announced themselves ever are recorded. */
  async see(ip: string, mac: string): Promise<readonly ServerEvent[]> {
    const { registry, detection, owns } = this.#options;
    const model = this.#announced.get(mac);
    const before = registry.byMac(mac);
    if (!owns(ip) || (model === undefined && (before === undefined || before.ip === ip))) return [];
    this.#announced.delete(mac);
    await this.#takeFromHolder(ip, mac);
    const seen = await detection.see({ mac, ip, ...(model === undefined ? {} : { model }) });
    if (before !== undefined || model === undefined) return seen;
    const first = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
    return [...seen, { kind: 'signal', mac, signal: first }];
  }

  /** The other server moved addresses about: whoever had this one has it no longer. */
  async #takeFromHolder(ip: string, mac: string): Promise<void> {
    const { registry } = this.#options;
    const holder = registry.byIp(ip);
    if (holder === undefined || holder.mac === mac) return;
    await registry.change(holder.mac, (device) =>
      device?.ip === ip ? { ...device, ip: noAddress(device.mac) } : device,
    );
  }

  /** As `see`, for a machine that says itself who it is and has the address already. */
  async claim(claimed: {
    readonly ip: string;
    readonly mac: string;
    readonly model: string;
  }): Promise<readonly ServerEvent[]> {
    const { ip, mac, model } = claimed;
    this.announce({ mac, model, speaker: 'walt-loader' });
    return await this.see(ip, mac);
  }
}

/** An address that no machine can have (RFC 1122 §3.2.1.3), different for each MAC: nobody knows where it is now. */
function noAddress(mac: string): string {
  return `0.${macToBytes(mac).slice(-3).join('.')}`;
}
