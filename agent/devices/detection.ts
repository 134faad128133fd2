// A device becomes known, and turns into a node once its model has an image.
import { nameOfNew } from '../boot/host-name.ts';
import { defaultName } from '../boot/names.ts';
import type { ServerEvent } from '../events/event.ts';
import type { Clock } from '../host/clock/clock.ts';
import { type Device, isNode, type Node, withLease } from './device.ts';
import type { Registry } from './registry.ts';

/** What was seen of a machine. */
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
  /** whether an image is made for a model */
  readonly suits: (image: string, model: string) => boolean;
  /** key of the folder that an image stands for now */
  readonly keyOf: (image: string) => string | undefined;
  /** key of the content that a node boots in place of that of `key`, while that does not come up on it */
  readonly insteadOf?: (mac: string, key: string) => string | undefined;
  readonly clock: Clock;
  /** whether the device says at this moment that its system runs */
  readonly isUp: (mac: string) => boolean;
};

/** The device as it is from now on, and what there is to say of that. */
export type Met = { readonly device: Device; readonly events: readonly ServerEvent[] };

/** Makes devices known, and nodes of those whose model has an image. */
export class Detection {
  readonly #options: Options;
  /** by MAC of a node: a model that was announced in its name, until a boot gets on with it */
  readonly #announced = new Map<string, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A device uses an address, or is about to. What is new of it is on disk when the promise resolves. */
  async see(seen: Seen): Promise<readonly ServerEvent[]> {
    return await this.#meet(seen.mac, (before) => this.met(before, seen));
  }

  /** A machine is made that has not spoken yet. On disk when the promise resolves. @throws {RangeError} as the registry */
  async create(device: Device & { readonly model: string }): Promise<readonly ServerEvent[]> {
    return await this.#meet(device.mac, () => this.#giveImage(device, undefined));
  }

  /**
   * The device as its boot loader says it is now. A packet that names another model than the node's, or comes while the node
   * is up, changes nothing yet: anyone can send one in the name of a node.
   */
  asAnnounced(device: Device): Device {
    const model = this.#announced.get(device.mac);
    return model === undefined ? device : this.#giveImage({ ...device, model }, device).device;
  }

  /**
   * A boot has got on, with the model that was announced for it: from now on the node is of this model, with its image as it is
   * now. What a node fetches that is up says nothing of a boot.
   */
  async takeAnnounced(mac: string): Promise<readonly ServerEvent[]> {
    const model = this.#announced.get(mac);
    if (model === undefined || this.#options.isUp(mac)) return [];
    this.#announced.delete(mac);
    return await this.#meet(mac, (device) => {
      if (!isNode(device)) return undefined;
      if (device.model === model) return this.#refreshRoot(device);
      return this.#giveImage({ ...device, model }, device);
    });
  }

  /** Keeps the serial number of a known device's board, on disk when the promise resolves. */
  async learnSerial(mac: string, serial: string): Promise<void> {
    await this.#options.registry.change(mac, (device) => device && withSerial(device, serial));
  }

  /** Images have come: turns the devices that waited for one into nodes. */
  async promoteWaiting(): Promise<ServerEvent[]> {
    const events: ServerEvent[] = [];
    for (const { mac, type } of this.#options.registry.all()) {
      if (type === 'unknown') events.push(...(await this.#promote(mac)));
    }
    return events;
  }

  async #promote(mac: string): Promise<readonly ServerEvent[]> {
    return await this.#meet(mac, (device) => {
      if (device?.type !== 'unknown' || device.model === undefined) return undefined;
      return this.#giveImage({ ...device, model: device.model }, device);
    });
  }

  /** @param meet undefined result: the device stays as it is */
  async #meet(
    mac: string,
    meet: (before: Device | undefined) => Met | undefined,
  ): Promise<readonly ServerEvent[]> {
    let met: Met | undefined;
    await this.#options.registry.change(mac, (before) => {
      met = meet(before);
      return met === undefined ? before : met.device;
    });
    return met?.events ?? [];
  }

  /** What `see` makes of a device, for whoever writes it down among others. */
  met(before: Device | undefined, seen: Seen): Met {
    const known = before ?? this.#newDevice(seen);
    const { ip, leaseUntil, serial } = seen;
    const moved = known.ip === ip ? known : { ...known, ip };
    const leased = leaseUntil === undefined ? moved : withLease(moved, leaseUntil);
    const device = serial === undefined ? leased : withSerial(leased, serial);
    const model = seen.model ?? device.model;
    if (model === undefined) return { device, events: newDevice(before, device) };
    if (isNode(device)) return this.#seenNode(device, seen);
    return this.#giveImage({ ...device, model }, before, device);
  }

  #seenNode(node: Node, seen: Seen): Met {
    if (seen.model === undefined) return { device: node, events: [] };
    const isCertain = seen.model === node.model && !this.#options.isUp(node.mac);
    if (isCertain) this.#announced.delete(node.mac);
    else this.#announced.set(node.mac, seen.model);
    return isCertain ? this.#refreshRoot(node) : { device: node, events: [] };
  }

  #newDevice(seen: Seen): Device {
    const { mac, ip } = seen;
    const { registry, clock } = this.#options;
    const name = nameOfNew(seen, registry.hasName);
    const device = { mac, ip, name, type: 'unknown', firstSeen: clock() } as const;
    return name.startsWith('unknown-') ? device : { ...device, hostName: name };
  }

  /** A node that starts to boot gets its image as it is now; until then it keeps what it started from. */
  #refreshRoot(node: Node): Met {
    const { keyOf, insteadOf } = this.#options;
    const wanted = keyOf(node.image);
    const root = wanted === undefined ? undefined : (insteadOf?.(node.mac, wanted) ?? wanted);
    if (root === undefined || root === node.root) return { device: node, events: [] };
    return { device: { ...node, root }, events: [] };
  }

  /** @param unchanged what the device is where there is nothing to say of it */
  #giveImage(
    device: Device & { readonly model: string },
    before: Device | undefined,
    unchanged: Device = device,
  ): Met {
    const { model } = device;
    const { defaultImageOf, keyOf, suits } = this.#options;
    const isKept = device.image !== undefined && suits(device.image, model);
    const image = isKept ? device.image : defaultImageOf(model);
    const root = image === undefined ? undefined : keyOf(image);
    if (image !== undefined && root !== undefined) {
      return this.#newNode({ ...device, type: 'node', image, root }, before);
    }
    if (before?.type === 'unknown' && before.model === model)
      return { device: unchanged, events: [] };
    const { image: _image, root: _root, ...rest } = device;
    const waiting: Device = { ...rest, type: 'unknown' };
    return {
      device: waiting,
      events: [...newDevice(before, waiting), { kind: 'no-image', device: waiting, model }],
    };
  }

  /** A name that says `unknown` is no longer true of a node; one that a person gave is kept. */
  #newNode(device: Node, before: Device | undefined): Met {
    const isRenamed = device.name.startsWith('unknown-');
    const { hasName } = this.#options.registry;
    const name = isRenamed ? defaultName('node', device.mac, hasName) : device.name;
    const node: Node = { ...device, name };
    const found: ServerEvent = { kind: 'new-node', node, wasUnknown: before !== undefined };
    if (before === undefined || !isRenamed) return { device: node, events: [found] };
    return { device: node, events: [{ kind: 'renamed', from: before.name, to: name }, found] };
  }
}

function newDevice(before: Device | undefined, device: Device): ServerEvent[] {
  return before === undefined ? [{ kind: 'new-device', device }] : [];
}

function withSerial(device: Device, serial: string): Device {
  return device.serial === serial ? device : { ...device, serial };
}
