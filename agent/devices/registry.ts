// The devices of walt-net. All of them are in memory, so that decisions need no database; what changes is
// on disk before the promise of the change resolves, so that nothing told to a device is ever forgotten.
import type { Kysely } from 'kysely';
import { nameKey } from '../boot/names.ts';
import { deleteDevice, readDevices, writeDevice } from '../store/sqlite/devices.ts';
import type { DeviceRow, Tables } from '../store/sqlite/schema.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';
import type { Device } from './device.ts';

export class Registry {
  readonly #writes: WriteQueue;
  readonly #byMac = new Map<string, Device>();
  readonly #byIp = new Map<string, Device>();
  readonly #byName = new Map<string, Device>();

  constructor(writes: WriteQueue) {
    this.#writes = writes;
  }

  /** Reads what an earlier run of the server knew. */
  async load(database: Kysely<Tables>): Promise<void> {
    for (const row of await readDevices(database)) this.#index(this.#withOwnName(deviceOf(row)));
  }

  byMac(mac: string): Device | undefined {
    return this.#byMac.get(mac);
  }

  byIp(ip: string): Device | undefined {
    return this.#byIp.get(ip);
  }

  /** The device of that name, in whatever case it is written. */
  byName(name: string): Device | undefined {
    return this.#byName.get(nameKey(name));
  }

  all(): Device[] {
    return [...this.#byMac.values()];
  }

  hasName = (name: string): boolean => this.#byName.has(nameKey(name));

  hasIp = (ip: string): boolean => this.#byIp.has(ip);

  /**
   * Adds a device or replaces what is known of its MAC. In memory at once, on disk when the promise resolves;
   * if the disk refuses, memory is as before and the promise rejects.
   * @throws {RangeError} if another device has the address or name
   */
  async save(device: Device): Promise<void> {
    await this.saveAll([device]);
  }

  /** As `save`, for several devices in one transaction: all of them are on disk, or none. */
  async saveAll(devices: readonly Device[]): Promise<void> {
    for (const device of devices) this.#checkUnique(device);
    const changes = devices.map((device) => ({ device, before: this.#byMac.get(device.mac) }));
    for (const { device, before } of changes) {
      this.#unindex(before);
      this.#index(device);
    }
    try {
      await this.#writes.commit(devices.flatMap((device) => writeDevice(rowOf(device))));
    } catch (reason) {
      for (const { device, before } of changes) {
        if (this.#byMac.get(device.mac) !== device) continue;
        this.#unindex(device);
        if (before !== undefined) this.#index(before);
      }
      throw reason;
    }
  }

  /** Forgets a device: in memory at once, on disk when the promise resolves. */
  async remove(device: Device): Promise<void> {
    this.#unindex(device);
    try {
      await this.#writes.commit(deleteDevice(device.mac));
    } catch (reason) {
      this.#index(device);
      throw reason;
    }
  }

  /** Earlier versions took names that differ in case only: the later of two devices gets a number. */
  #withOwnName(device: Device): Device {
    let { name } = device;
    for (let count = 2; this.hasName(name); count += 1) name = `${device.name}-${count}`;
    return { ...device, name };
  }

  #checkUnique(device: Device): void {
    for (const holder of [this.#byIp.get(device.ip), this.byName(device.name)]) {
      if (holder === undefined || holder.mac === device.mac) continue;
      throw new RangeError(
        `Cannot save device ${device.mac}: ${holder.mac} has address ${holder.ip} and name ${holder.name}`,
      );
    }
  }

  #index(device: Device): void {
    this.#byMac.set(device.mac, device);
    this.#byIp.set(device.ip, device);
    this.#byName.set(nameKey(device.name), device);
  }

  #unindex(device: Device | undefined): void {
    if (device === undefined) return;
    this.#byMac.delete(device.mac);
    this.#byIp.delete(device.ip);
    this.#byName.delete(nameKey(device.name));
  }
}

function deviceOf(row: DeviceRow): Device {
  return {
    mac: row.mac,
    ip: row.ip,
    name: row.name,
    type: row.type,
    firstSeen: row.first_seen,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.image === null ? {} : { image: row.image }),
    ...(row.root === null ? {} : { root: row.root }),
    ...(row.lease_until === null ? {} : { leaseUntil: row.lease_until }),
    ...(row.released_at === null ? {} : { releasedAt: row.released_at }),
    ...(row.serial === null ? {} : { serial: row.serial }),
    ...(row.host_name === null ? {} : { hostName: row.host_name }),
  };
}

function rowOf(device: Device): DeviceRow {
  return {
    mac: device.mac,
    ip: device.ip,
    name: device.name,
    type: device.type,
    model: device.model ?? null,
    image: device.image ?? null,
    root: device.root ?? null,
    first_seen: device.firstSeen,
    lease_until: device.leaseUntil ?? null,
    released_at: device.releasedAt ?? null,
    serial: device.serial ?? null,
    host_name: device.hostName ?? null,
  };
}
