// Which device is behind which port: asks all switches at the same time, and remembers what they said. A machine that hangs is soon
// forgotten by its switch, and not by the server.
import type { Device } from '../devices/device.ts';
import { messageOf } from '../errors.ts';
import type { PowerRecords, StoredPlace } from '../store/records/power.ts';
import type { Place, PortFacts, SwitchFacts } from './facts.ts';
import { findPlaces, linksOf } from './places.ts';

type Options = {
  /** of switches that may be asked */
  readonly switches: () => readonly Device[];
  /** MAC of the server on walt-net */
  readonly server: () => Promise<string>;
  /** @throws {WaltError} if the switch cannot be asked */
  readonly ask: (device: Device) => Promise<SwitchFacts>;
  readonly records: Pick<PowerRecords, 'places' | 'savePlaces' | 'removePlaces'>;
  /** whether the server knows a device of this MAC: of others is remembered what switches see now, and no more */
  readonly isDevice: (mac: string) => boolean;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** told of each device that is seen at a place for the first time, or at another one than before */
  readonly onPlaced?: (place: StoredPlace) => void;
};

/** What became of asking a switch; `error` is null where it answered. */
export type Asked = { readonly name: string; readonly mac: string; readonly error: string | null };

/** The network as the switches see it. */
export class Topology {
  readonly #options: Options;
  /** what each switch said last, since the server started */
  readonly #seen = new Map<string, SwitchFacts>();
  readonly #places = new Map<string, StoredPlace>();
  /** where MACs are seen now that are of no device; the network can make up as many as it likes */
  #strangers: ReadonlyMap<string, Place> = new Map();
  /** why a switch did not answer when it was asked last */
  readonly #errors = new Map<string, string>();
  #disputed: ReadonlySet<string> = new Set();
  #server = '';
  #asking: Promise<Asked[]> | undefined;
  readonly #refreshing = new Map<string, Promise<SwitchFacts>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what an earlier run of the server has found. */
  async load(): Promise<void> {
    const { records, isDevice } = this.#options;
    const places = await records.places();
    for (const place of places) if (isDevice(place.mac)) this.#places.set(place.mac, place);
    const strangers = places.filter(({ mac }) => !isDevice(mac));
    if (strangers.length > 0) await records.removePlaces(strangers.map(({ mac }) => mac));
  }

  /** A device is not known any more, or no switch: nothing is behind its ports. What is on disk of that is for who calls. */
  forget(mac: string): void {
    for (const [other, place] of this.#places) {
      if (other === mac || place.switch === mac) this.#places.delete(other);
    }
    this.#seen.delete(mac);
    this.#errors.delete(mac);
  }

  /** Why a switch did not answer when it was asked last; undefined where it did. */
  errorOf(mac: string): string | undefined {
    return this.#errors.get(mac);
  }

  /** Asks every switch. Whoever asks while it is under way gets the same answer. What is found is on disk then. */
  rescan(): Promise<Asked[]> {
    this.#asking ??= this.#rescan().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Asks every switch from now on: what is under way may have asked some of them before something came. */
  async rescanAnew(): Promise<Asked[]> {
    await this.#asking?.catch(() => undefined);
    return await this.rescan();
  }

  /** Asks one switch; who asks meanwhile gets the same answer. @throws {WaltError} if it cannot be asked */
  refresh(device: Device): Promise<SwitchFacts> {
    const { mac } = device;
    const running = this.#refreshing.get(mac);
    if (running !== undefined) return running;
    const begun = this.#refresh(device).finally(() => this.#refreshing.delete(mac));
    this.#refreshing.set(mac, begun);
    return begun;
  }

  async #refresh(device: Device): Promise<SwitchFacts> {
    this.#server = await this.#options.server();
    const facts = await this.#ask(device);
    await this.#remember();
    return facts;
  }

  /** Where a device was seen last. */
  placeOf(mac: string): StoredPlace | undefined {
    return this.#places.get(mac);
  }

  /** The nearest switch before a device that has answered since the server started, by its MAC. */
  switchBefore(mac: string): string | undefined {
    const passed = new Set<string>();
    for (let at = this.#places.get(mac); at !== undefined; at = this.#places.get(at.switch)) {
      if (this.#seen.has(at.switch)) return at.switch;
      if (passed.has(at.switch)) return undefined;
      passed.add(at.switch);
    }
    return undefined;
  }

  /** Whether a device is seen behind two ports, of one switch or of two. */
  isDisputed(mac: string): boolean {
    return this.#disputed.has(mac);
  }

  /** What is behind a port, and behind no other switch after it. */
  placedAt({ switch: mac, port }: Place): string[] {
    return [...this.#places, ...this.#strangers]
      .filter(([, place]) => place.switch === mac && place.port === port)
      .map(([other]) => other);
  }

  /** Everything that was seen behind a port last. */
  behind(place: Place): string[] {
    const seen = this.#seen.get(place.switch)?.stations.get(place.port) ?? [];
    return [...new Set([...this.placedAt(place), ...seen])];
  }

  /** Ports of a switch behind which something is remembered, where it has not been asked since the server started. */
  portsOf(mac: string): PortFacts[] {
    const ports = [...this.#places.values()].filter((place) => place.switch === mac);
    const numbers = [...new Set(ports.map(({ port }) => port))].toSorted((a, b) => a - b);
    return numbers.map((port) => ({ port, name: '' }));
  }

  /** What a switch said last; undefined where it has not been asked since the server started. */
  factsOf(mac: string): SwitchFacts | undefined {
    return this.#seen.get(mac);
  }

  /** Whether a port leads to the server or to another switch, as far as is seen. */
  isLink(place: Place): boolean {
    const isSeen = linksOf(place.switch, this.#seen, this.#server).has(place.port);
    return isSeen || this.placedAt(place).some((mac) => this.#isUnasked(mac));
  }

  async #rescan(): Promise<Asked[]> {
    this.#server = await this.#options.server();
    const switches = this.#options.switches();
    const asked = await Promise.all(switches.map((device) => this.#tryToAsk(device)));
    const known = new Set(switches.map(({ mac }) => mac));
    for (const mac of this.#seen.keys()) if (!known.has(mac)) this.#seen.delete(mac);
    await this.#remember();
    return asked;
  }

  async #tryToAsk(device: Device): Promise<Asked> {
    const { name, mac } = device;
    try {
      await this.#ask(device);
      return { name, mac, error: null };
    } catch (reason) {
      return { name, mac, error: messageOf(reason) };
    }
  }

  async #ask(device: Device): Promise<SwitchFacts> {
    const { mac } = device;
    const { ask, isDevice } = this.#options;
    try {
      const facts = await ask(device);
      // It may have been forgotten meanwhile.
      if (isDevice(mac)) this.#seen.set(mac, facts);
      this.#errors.delete(mac);
      return facts;
    } catch (reason) {
      if (isDevice(mac)) this.#errors.set(mac, messageOf(reason));
      throw reason;
    }
  }

  /** What no switch sees any more stays where it was; what is seen elsewhere has moved. */
  async #remember(): Promise<void> {
    const { places, disputed } = findPlaces(this.#seen, this.#server);
    this.#disputed = disputed;
    const { clock, isDevice } = this.#options;
    this.#strangers = new Map([...places].filter(([mac]) => !isDevice(mac)));
    const seenAt = clock();
    const changed = [...places]
      .filter(([mac]) => isDevice(mac))
      .filter(([mac, place]) => !isSame(this.#places.get(mac), place))
      .filter(([mac, place]) => !this.#isBehindUnasked(mac, place))
      .map(([mac, place]) => ({ mac, ...place, seenAt }));
    for (const place of changed) this.#places.set(place.mac, place);
    if (changed.length === 0) return;
    await this.#options.records.savePlaces(changed);
    for (const place of changed) this.#options.onPlaced?.(place);
  }

  /** Whether it is a switch that has said nothing since the server started. */
  #isUnasked(mac: string): boolean {
    return !this.#seen.has(mac) && this.#options.switches().some((one) => one.mac === mac);
  }

  /** A machine behind a silent switch is seen at the port of the switch above, where it is not plugged in. */
  #isBehindUnasked(mac: string, place: Place): boolean {
    const last = this.#places.get(mac);
    if (last === undefined || !this.#isUnasked(last.switch)) return false;
    const passed = new Set<string>();
    for (let at: Place | undefined = last; at !== undefined; at = this.#places.get(at.switch)) {
      if (isSame(at, place)) return true;
      if (passed.has(at.switch)) return false;
      passed.add(at.switch);
    }
    return false;
  }
}

function isSame(left: Place | undefined, right: Place): boolean {
  return left?.switch === right.switch && left.port === right.port;
}
