// A device becomes known, and turns into a node once its model has an image.
import { nameOfNew } from '../boot/host-name.ts';
import { defaultName } from '../boot/names.ts';
import type { ServerEvent } from '../events/event.ts';
import type { Clock } from '../host/clock.ts';
import { type Device, isNode, type Node } from './device.ts';
import type { Registry } from './registry.ts';

export type Seen = {
  readonly mac: string;
  readonly ip: string;
  /** announced by a boot loader: the device starts to boot */
  readonly model?: string;
  /** end of the lease, microseconds since 1970 */
  readonly leaseUntil?: number;
  /** of its board, as its firmware tells it */
  readonly serial?: string;
  /** name that its DHCP client told, as it came */
  readonly hostName?: string;
};

type Options = {
  readonly registry: Registry;
  /** name of the default image of a model, if the server has it */
  readonly defaultImageOf: (model: string) => string | undefined;
  /** key of the folder that an image stands for now */
  readonly digestOf: (image: string) => string | undefined;
  readonly clock: Clock;
};

export class Detection {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A device got an address. What is new of it is on disk when the promise resolves. */
  async see(seen: Seen): Promise<ServerEvent[]> {
    await this.learnSerial(seen.mac, seen.serial);
    const before = this.#options.registry.byMac(seen.mac);
    const device = before ?? this.#newDevice(seen);
    const model = seen.model ?? device.model;
    if (model === undefined) return before === undefined ? await this.#saveUnknown(device) : [];
    if (isNode(device) && model === device.model) return await this.#refreshRoot(device, seen);
    return await this.#giveImage({ ...device, model }, before);
  }

  /** Keeps the serial number of a known device's board, on disk when the promise resolves. */
  async learnSerial(mac: string, serial: string | undefined): Promise<void> {
    const device = this.#options.registry.byMac(mac);
    if (device === undefined || serial === undefined || device.serial === serial) return;
    await this.#options.registry.save({ ...device, serial });
  }

  /** Images have come: turns the devices that waited for one into nodes. */
  async promoteWaiting(): Promise<ServerEvent[]> {
    const events: ServerEvent[] = [];
    for (const device of this.#options.registry.all()) {
      if (device.type === 'unknown') events.push(...(await this.see(device)));
    }
    return events;
  }

  #newDevice(seen: Seen): Device {
    const { mac, ip, leaseUntil, serial } = seen;
    const { registry, clock } = this.#options;
    const name = nameOfNew(seen, registry.hasName);
    const told = name.startsWith('unknown-') ? {} : { hostName: name };
    const lease = leaseUntil === undefined ? {} : { leaseUntil };
    const board = serial === undefined ? {} : { serial };
    return { mac, ip, name, type: 'unknown', firstSeen: clock(), ...lease, ...board, ...told };
  }

  /** A node that starts to boot gets its image as it is now; one that runs keeps what it started from. */
  async #refreshRoot(node: Node, seen: Seen): Promise<ServerEvent[]> {
    if (seen.model === undefined) return [];
    const root = this.#options.digestOf(node.image);
    if (root === undefined || root === node.root) return [];
    const refreshed: Node = { ...node, root };
    await this.#options.registry.save(refreshed);
    return [{ kind: 'new-root', node: refreshed }];
  }

  async #giveImage(
    device: Device & { readonly model: string },
    before: Device | undefined,
  ): Promise<ServerEvent[]> {
    const { model } = device;
    const image = this.#options.defaultImageOf(model);
    const root = image === undefined ? undefined : this.#options.digestOf(image);
    if (image !== undefined && root !== undefined) {
      return await this.#saveNode({ ...device, type: 'node', image, root }, before);
    }
    if (before?.type === 'unknown' && before.model === model) return [];
    const { image: _image, root: _root, ...rest } = device;
    const waiting: Device = { ...rest, type: 'unknown' };
    const events = await this.#saveUnknown(waiting, before);
    return [...events, { kind: 'no-image', device: waiting, model }];
  }

  async #saveUnknown(device: Device, before?: Device): Promise<ServerEvent[]> {
    await this.#options.registry.save(device);
    return before === undefined ? [{ kind: 'new-device', device }] : [];
  }

  /** A name that says `unknown` is no longer true of a node; one that a person gave is kept. */
  async #saveNode(device: Node, before: Device | undefined): Promise<ServerEvent[]> {
    const { registry } = this.#options;
    const isRenamed = device.name.startsWith('unknown-');
    const name = isRenamed ? defaultName('node', device.mac, registry.hasName) : device.name;
    const node: Node = { ...device, name };
    await registry.save(node);
    const events: ServerEvent[] = [];
    if (before !== undefined && isRenamed) {
      events.push({ kind: 'renamed', from: before.name, to: name, isAutomatic: true });
    }
    return [...events, { kind: 'new-node', node, wasUnknown: before !== undefined }];
  }
}
