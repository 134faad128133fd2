// What devices say of their consoles by UDP, by whatever port: only those of devices that are known, and no more than a pace lets
// through. Nobody can make such a sender wait, and its address may be made up.
import type { Pace } from '../limits/pace.ts';
import { LIMITS, type OnLimit } from '../limits/table.ts';

const { perAddress, inAll } = LIMITS['console-datagrams'];
/** What may come at once, in seconds of the pace. */
export const BURST_SECONDS = 4;

/** Who speaks: the kernel, or what comes before it. */
export type Speaker = 'eeprom' | 'ipxe' | 'u-boot' | 'kernel';

/** Who is asked and told. */
export type EarOptions = {
  readonly pace: Pace;
  /** the MAC of the device that has the address */
  readonly macOf: (address: string) => string | undefined;
  readonly isKnown: (mac: string) => boolean;
  readonly hear: (mac: string, source: Speaker, bytes: Uint8Array) => Promise<void>;
  readonly onLimit: OnLimit;
};

/** One for all ports: whoever uses several gets no more. */
export class ConsoleEar {
  readonly #options: EarOptions;

  constructor(options: EarOptions) {
    this.#options = options;
  }

  /** @returns the MAC of the device, where it is known */
  fromAddress(address: string, source: Speaker, bytes: Uint8Array): string | undefined {
    const mac = this.#options.macOf(address);
    if (mac === undefined) return undefined;
    this.fromMac(mac, source, bytes);
    return mac;
  }

  /** A frame of that MAC: one that has no address of walt-net yet. */
  fromMac(mac: string, source: Speaker, bytes: Uint8Array): void {
    const { pace, isKnown, hear, onLimit } = this.#options;
    if (bytes.length === 0 || !isKnown(mac)) return;
    // A device that talks too much takes nothing from what all may say together.
    const isAllowed =
      pace.allows(mac, bytes.length / perAddress) && pace.allows('all', bytes.length / inAll);
    if (isAllowed) void hear(mac, source, bytes);
    else onLimit('console-datagrams', mac);
  }
}
