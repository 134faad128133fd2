// What people do with devices and nodes: rename, forget, wait until booted.
import { complaintAboutName } from '../boot/names.ts';
import type { BootBook } from '../boots/boot-book.ts';
import { type Device, isNode, type Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { RequestError } from '../errors.ts';
import type { Person } from '../events/event.ts';
import type { Publisher } from '../events/publisher.ts';
import { didYouMean } from '../host/text/nearest.ts';
import { oneLine } from '../host/text/shown-text.ts';
import { refuseThoseOfOthers } from './ownership.ts';

/** What lists of devices call the server. */
export const SERVER_NAME = 'walt-server';

/** Whether a name is that of the server, in whatever case. */
export function isServerName(name: string): boolean {
  return name.toLowerCase() === SERVER_NAME;
}

type Options = {
  readonly registry: Registry;
  readonly publisher: Pick<Publisher, 'publish' | 'on'>;
  readonly boots: Pick<BootBook, 'statusOf'>;
};

/** What is told where no device has a name: what lists those that are meant, and which they are. */
type Missing = { readonly list: string; readonly isMeant: (device: Device) => boolean };

/** Who asks, and whether nodes of other users are meant too. */
export type Asking = { readonly by: Person; readonly takesOthers: boolean };

/** Devices by their names, and what can be asked of them. */
export class NodeActions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws {RequestError} if there is no such device, or it is the server */
  device(name: string): Device {
    return this.#found(name, { list: 'walt device show', isMeant: () => true });
  }

  #found(name: string, { list, isMeant }: Missing): Device {
    const { registry } = this.#options;
    const device = registry.byName(name);
    if (device !== undefined) return device;
    if (isServerName(name)) {
      throw new RequestError(
        409,
        `${SERVER_NAME} is the server: it is no node, has no settings and keeps its name.`,
      );
    }
    const names = registry
      .all()
      .filter(isMeant)
      .map((one) => one.name);
    throw new RequestError(
      404,
      `No device with name '${oneLine(name)}' found.${didYouMean(name, names)} See ${list}.`,
    );
  }

  /** @throws {RequestError} if there is no such device, or it is no node */
  node(name: string): Node {
    const device = this.#found(name, { list: 'walt node show --all', isMeant: isNode });
    if (isNode(device)) return device;
    const { model } = device;
    const reason =
      model === undefined ? 'it has announced no model yet' : `no image for model ${model} yet`;
    throw new RequestError(409, `Device '${name}' is not a node: ${reason}.`);
  }

  /** On disk when the promise resolves. @throws {RequestError} with nothing changed */
  async rename(from: string, to: string, { by, takesOthers }: Asking): Promise<Device> {
    const { registry, publisher } = this.#options;
    const device = this.device(from);
    if (to === device.name) return device;
    if (isNode(device) && !takesOthers) refuseThoseOfOthers([device], by);
    const complaint = complaintAboutName(to);
    if (complaint !== undefined) throw new RequestError(400, `Cannot rename ${from}: ${complaint}`);
    const holder = registry.byName(to);
    if (holder !== undefined && holder.mac !== device.mac) {
      throw new RequestError(
        409,
        `Cannot rename ${from}: another device is called '${holder.name}'`,
      );
    }
    const { after = device } = await registry.change(
      device.mac,
      (now) => now && { ...now, name: to },
    );
    publisher.publish([{ kind: 'renamed', from: device.name, to, by }]);
    return after;
  }

  /**
   * The device and its boots are gone from the disk when the promise resolves. If it comes back, it is a new one.
   * @param options isForced: also a node that has booted
   * @throws {RequestError} with nothing changed
   */
  async forget(
    name: string,
    { by, takesOthers, isForced }: Asking & { readonly isForced: boolean },
  ): Promise<Device> {
    const { registry, publisher, boots } = this.#options;
    const device = this.device(name);
    if (isNode(device) && !takesOthers) refuseThoseOfOthers([device], by);
    if (device.machine !== undefined) {
      throw new RequestError(
        409,
        `Nothing was changed: ${name} is a virtual node of this server. Remove it with walt node remove ${name}`,
      );
    }
    if (isNode(device) && device.firstFile !== undefined && !isForced) {
      const isUp = boots.statusOf(device.mac).state === 'booted';
      const what = isUp ? 'is booted, and loses its root file system' : 'has booted before';
      throw new RequestError(409, `Nothing was changed: ${name} ${what}. Add --force.`);
    }
    await registry.change(device.mac, () => undefined);
    publisher.publish([{ kind: 'forgotten', device, by }]);
    return device;
  }

  /**
   * Resolves when all are booted or the time is over.
   * @returns names of those that are not booted
   */
  async wait(
    names: readonly string[],
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<string[]> {
    const { boots, publisher } = this.#options;
    const nodes = names.map((name) => this.node(name));
    const missing = () => nodes.filter(({ mac }) => boots.statusOf(mac).state !== 'booted');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, options.timeoutMs);
      const stop = publisher.on('wait', ['boot'], () => {
        if (missing().length === 0) done();
      });
      options.signal.addEventListener('abort', done, { once: true });
      if (missing().length === 0) done();
      function done() {
        clearTimeout(timer);
        stop();
        resolve();
      }
    });
    return missing().map(({ name }) => name);
  }
}
