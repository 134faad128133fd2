// The devices of walt-net. All of them are in memory, so that decisions need no database; what changes is on disk
// before the promise of the change resolves, so that nothing told to a device is ever forgotten.
import { nameKey } from '../boot/names.ts';
import type { DeviceRecords, DeviceWrite } from '../store/records/devices.ts';
import type { Device } from './device.ts';

/** What a device is from now on, told from what it is when the change is made; undefined: it is not known (any more). */
export type Change = (device: Device | undefined) => Device | undefined;

/** What a change did. `before === after` where there was nothing to change. */
export type Changed = { readonly before: Device | undefined; readonly after: Device | undefined };

type Options = {
  readonly records: DeviceRecords;
  /** told of each device that has changed, once that is on disk */
  readonly onChange?: (changed: Changed) => void;
};

/** A change under way: what it makes of the device, and how its write has ended. */
type Written = { readonly after: Device | undefined; outcome: 'waiting' | 'done' | 'refused' };

/** The changes of one MAC that are not all on disk yet. */
type Writing = {
  /** what was on disk before them */
  readonly stored: Device | undefined;
  /** in the order in which they are written */
  readonly changes: Written[];
  /** resolves when the newest of them is on disk */
  readonly newest: Promise<void>;
};

/** All devices: in memory to read, on disk to last. */
export class Registry {
  readonly #options: Options;
  readonly #byMac = new Map<string, Device>();
  readonly #byIp = new Map<string, Device>();
  /** by the name in small letters: names that differ in case only are the same (RFC 4343) */
  readonly #byName = new Map<string, Device>();
  readonly #writing = new Map<string, Writing>();
  /** MACs of machines that the server has booted for itself; what comes of one late is known for what it is */
  readonly #trials = new Set<string>();
  #writeHeld: () => void = () => undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what an earlier run of the server knew. */
  async load(): Promise<void> {
    for (const device of await this.#options.records.all()) this.#index(this.#withOwnName(device));
  }

  /** The device with this MAC, `aa:bb:cc:dd:ee:ff`. */
  byMac(mac: string): Device | undefined {
    return this.#byMac.get(mac);
  }

  /** The device with this address, dotted IPv4. */
  byIp(ip: string): Device | undefined {
    return this.#byIp.get(ip);
  }

  /** The device with this name, in whatever case. */
  byName(name: string): Device | undefined {
    return this.#byName.get(nameKey(name));
  }

  /** Those that people know. */
  all(): Device[] {
    return this.withTrials().filter(({ isTrial }) => isTrial !== true);
  }

  /** All that boot here, with what the server boots for itself. */
  withTrials(): Device[] {
    return [...this.#byMac.values()];
  }

  /** Whether the server boots, or has booted, this machine for itself. */
  isTrial = (mac: string): boolean => this.#trials.has(mac);

  /** Whether the server has booted any machine for itself. */
  get hadTrials(): boolean {
    return this.#trials.size > 0;
  }

  /** how many devices there are, with those */
  get size(): number {
    return this.#byMac.size;
  }

  hasName = (name: string): boolean => this.byName(name) !== undefined;

  hasIp = (ip: string): boolean => this.#byIp.has(ip);

  /**
   * The only way in: changes what is known of one MAC. `change` is called at once with what is known now, so that no
   * change undoes another one. Memory has the result at once; the disk has it, and everything that was known of the
   * MAC before, when the promise resolves. If the disk refuses, memory is as the disk and the promise rejects.
   * @throws {RangeError} if another device has the address or name
   */
  async change(mac: string, change: Change): Promise<Changed> {
    const [changed] = await this.changeAll([[mac, change]]);
    return changed ?? { before: undefined, after: undefined };
  }

  /** As `change`, for several MACs in this order and in one transaction: all of it is on disk, or nothing. */
  async changeAll(changes: readonly (readonly [string, Change])[]): Promise<Changed[]> {
    this.#writeHeld();
    const all = this.#apply(changes);
    const macs = changes.map(([mac]) => mac);
    const earlier = macs.flatMap((mac) => this.#writing.get(mac)?.newest ?? []);
    const real = all.filter(({ before, after }) => before !== after);
    if (real.length === 0) {
      await Promise.all(earlier);
      return all;
    }
    await this.#write(real);
    for (const changed of real) this.#options.onChange?.(changed);
    return all;
  }

  /**
   * The first half of `change`: memory has the result, which `writeApplied` is to be given before anything else is written.
   * @throws {RangeError} as `change`
   */
  apply(mac: string, change: Change): Changed {
    const before = this.#byMac.get(mac);
    const after = change(before);
    if (after !== undefined) this.#checkUnique(after);
    this.#replace(before, after);
    return { before, after };
  }

  /** @param write gives `writeApplied` what was applied and waits for others; called before anything else is written */
  holdApplied(write: () => void): void {
    this.#writeHeld = write;
  }

  /**
   * The other half, for what was applied to one device or to many: all of it is on disk, or nothing. Whoever calls it tells
   * others what has changed.
   */
  async writeApplied(all: readonly Changed[]): Promise<void> {
    const real = all.filter(({ before, after }) => before !== after);
    if (real.length > 0) return await this.#write(real);
    await Promise.all(all.map(({ after }) => this.#writing.get(after?.mac ?? '')?.newest));
  }

  #apply(changes: readonly (readonly [string, Change])[]): Changed[] {
    const done: Changed[] = [];
    try {
      for (const [mac, change] of changes) done.push(this.apply(mac, change));
    } catch (reason) {
      for (const { before, after } of done.reverse()) this.#replace(after, before);
      throw reason;
    }
    return done;
  }

  /** Of machines that the server boots for itself nothing is kept, by whichever way they came. */
  async #write(changes: readonly Changed[]): Promise<void> {
    const all = changes.filter(({ before, after }) => !this.isTrial(macOf(before, after)));
    if (all.length === 0) return;
    const newest = this.#options.records.write(all.map(writeOf));
    const begun = all.map(({ before, after }) => {
      const mac = macOf(before, after);
      const written: Written = { after, outcome: 'waiting' };
      const { stored, changes } = this.#writing.get(mac) ?? writingOf(before);
      changes.push(written);
      this.#writing.set(mac, { stored, changes, newest });
      return { mac, written };
    });
    const end = (outcome: 'done' | 'refused') => {
      for (const { mac, written } of begun) {
        written.outcome = outcome;
        this.#settle(mac);
      }
    };
    try {
      await newest;
    } catch (reason) {
      end('refused');
      throw reason;
    }
    end('done');
  }

  /**
   * Once all changes of a device have ended, memory is as the disk: as the last change that the disk took. Writes end in
   * no order, and a later one holds an earlier one.
   */
  #settle(mac: string): void {
    const { stored, changes } = this.#writing.get(mac) ?? { stored: undefined, changes: [] };
    if (changes.some(({ outcome }) => outcome === 'waiting')) return;
    this.#writing.delete(mac);
    if (changes.at(-1)?.outcome !== 'refused') return;
    const taken = changes.findLast(({ outcome }) => outcome === 'done');
    this.#replace(this.#byMac.get(mac), taken === undefined ? stored : taken.after);
  }

  /** Earlier versions took names that differ in case only: the later of two devices gets a number. */
  #withOwnName(device: Device): Device {
    let { name } = device;
    for (let count = 2; this.hasName(name); count += 1) name = `${device.name}-${count}`;
    return { ...device, name };
  }

  #checkUnique(device: Device): void {
    const ofName = device.isTrial ? undefined : this.byName(device.name);
    for (const holder of [this.byIp(device.ip), ofName]) {
      if (holder === undefined || holder.mac === device.mac) continue;
      throw new RangeError(
        `Cannot save device ${device.mac}: ${holder.mac} has address ${holder.ip} and name ${holder.name}`,
      );
    }
  }

  #replace(before: Device | undefined, after: Device | undefined): void {
    if (before !== undefined) this.#unindex(before);
    if (after !== undefined) this.#index(after);
    else if (before !== undefined) this.#byMac.delete(before.mac);
  }

  #index(device: Device): void {
    this.#byMac.set(device.mac, device);
    this.#byIp.set(device.ip, device);
    if (device.isTrial) this.#trials.add(device.mac);
    else this.#byName.set(nameKey(device.name), device);
  }

  /** An address or name may have gone to another device already. The MAC stays: a Map keeps the place of its keys. */
  #unindex({ mac, ip, name }: Device): void {
    if (this.byIp(ip)?.mac === mac) this.#byIp.delete(ip);
    if (this.byName(name)?.mac === mac) this.#byName.delete(nameKey(name));
  }
}

function writingOf(stored: Device | undefined): Pick<Writing, 'stored' | 'changes'> {
  return { stored, changes: [] };
}

function macOf(before: Device | undefined, after: Device | undefined): string {
  return (after ?? before)?.mac ?? '';
}

function writeOf({ before, after }: Changed): DeviceWrite {
  if (after !== undefined) return { kind: 'save', device: after };
  return { kind: 'forget', mac: macOf(before, after) };
}
