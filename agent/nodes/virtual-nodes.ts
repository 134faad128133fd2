// Virtual nodes: machines of the server that boot as PCs do. People make and remove them; what else is done to them is
// done as to every node.
import { complaintAboutName } from '../boot/names.ts';
import type { Detection } from '../devices/detection.ts';
import { type Device, isNode } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { messageOf, RequestError } from '../errors.ts';
import type { Person } from '../events/event.ts';
import type { Publish } from '../events/publisher.ts';
import type { Clock } from '../host/clock/clock.ts';
import { oneLine } from '../host/text/shown-text.ts';
import type { KeptShares } from '../keeping/kept-shares.ts';
import type { Machines } from '../machines/kept/machines.ts';
import { withTexts } from './device-settings.ts';
import type { ImageSwitch } from './image-switch.ts';
import { planOf } from './machine-plan.ts';
import type { Asking, NodeActions } from './node-actions.ts';
import { refuseFilesOfOthers, refuseThoseOfOthers } from './ownership.ts';
import { checkTexts, refuseUnfit } from './settings-check.ts';

/** Of a PC that QEMU emulates. */
const MODEL = 'pc-x86-64';
type Options = {
  readonly registry: Registry;
  readonly detection: Pick<Detection, 'create'>;
  readonly publish: Publish;
  readonly actions: Pick<NodeActions, 'device'>;
  readonly imageSwitch: Pick<ImageSwitch, 'acquire'>;
  readonly machines: Pick<Machines, 'add' | 'remove' | 'complaint' | 'complaintAbout'>;
  readonly shares: Pick<KeptShares, 'ownersOf' | 'remove'>;
  /** an address for a machine that is not there yet; undefined if none is left */
  readonly reserveAddress: (mac: string) => Promise<string | undefined>;
  /** why no virtual node can boot here, in words */
  readonly complaint: () => string | undefined;
  /** `aa:bb:cc:dd:ee:ff`, of no device that is known */
  readonly newMac: () => string;
  readonly clock: Clock;
};

/** What a new virtual node is to be. */
export type NewNode = {
  readonly name: string;
  readonly by: Person;
  /** values by their keys, as people write them */
  readonly settings?: Readonly<Record<string, string>> | undefined;
};

/** Makes and removes virtual nodes. */
export class VirtualNodes {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The node is on disk, belongs to who asks, and is powered on when the promise resolves. Without a default image for its
   * model it waits for one, as every PC does.
   * @throws {RequestError} with nothing made
   */
  async create({ name, by, settings = {} }: NewNode): Promise<Device> {
    const texts = checkTexts(settings);
    await this.#refuse(name);
    const device = withTexts(await this.#newDevice(name), texts);
    refuseUnfit([device], texts);
    await this.#refuseHardware(device);
    this.#refuseName(name);
    const { detection, publish, registry, imageSwitch, machines } = this.#options;
    const { mac } = device;
    publish(await detection.create({ ...device, model: MODEL }));
    try {
      if (isNode(registry.byMac(mac))) {
        await imageSwitch.acquire({ names: [name], user: by, takesOthers: false });
      }
      await machines.add(mac);
    } catch (reason) {
      await this.#remove(mac);
      throw new RequestError(409, `Nothing was made: ${messageOf(reason)}`, { cause: reason });
    }
    publish([{ kind: 'machine-made', node: name, by }]);
    return registry.byMac(mac) ?? device;
  }

  /**
   * Its process, disks, what it kept on the server, export, lease and name are gone when the promise resolves.
   * @throws {RequestError} with nothing changed
   */
  async remove(name: string, { by, takesOthers }: Asking): Promise<Device> {
    const { actions, publish, shares } = this.#options;
    const device = actions.device(name);
    if (device.machine === undefined) {
      throw new RequestError(
        409,
        `Nothing was changed: ${name} is no virtual node of this server. If it does not come back: walt device forget ${name}`,
      );
    }
    if (isNode(device) && !takesOthers) refuseThoseOfOthers([device], by);
    if (!takesOthers) refuseFilesOfOthers(name, await shares.ownersOf(device.mac), by);
    await this.#remove(device.mac);
    await shares.remove(device.mac);
    publish([{ kind: 'machine-removed', node: device.name, by }]);
    return device;
  }

  async #remove(mac: string): Promise<void> {
    const { machines, registry } = this.#options;
    await machines.remove(mac);
    await registry.change(mac, () => undefined);
  }

  async #refuse(name: string): Promise<void> {
    this.#refuseName(name);
    const { complaint, machines } = this.#options;
    const reason = complaint() ?? (await machines.complaint());
    if (reason !== undefined) throw new RequestError(409, `Cannot make ${name}: ${reason}`);
  }

  #refuseName(name: string): void {
    const complaint = complaintAboutName(name);
    if (complaint !== undefined) {
      throw new RequestError(400, oneLine(`Cannot make ${name}: ${complaint}`));
    }
    const holder = this.#options.registry.byName(name);
    if (holder === undefined) return;
    throw new RequestError(409, `Cannot make ${name}: a device is called '${holder.name}' already`);
  }

  async #refuseHardware(device: Device): Promise<void> {
    const { hardware } = planOf(device);
    const reason = await this.#options.machines.complaintAbout(device.mac, hardware);
    if (reason !== undefined) throw new RequestError(409, `Cannot make ${device.name}: ${reason}`);
  }

  async #newDevice(name: string): Promise<Device> {
    const { reserveAddress, clock } = this.#options;
    const mac = this.#options.newMac();
    const ip = await reserveAddress(mac);
    if (ip === undefined) {
      throw new RequestError(409, `Cannot make ${name}: no address is left on this network`);
    }
    return { mac, ip, name, type: 'unknown', firstSeen: clock(), machine: { isOff: false } };
  }
}
