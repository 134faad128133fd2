// What people do with devices and nodes: rename, reboot, wait until booted.
import { complaintAboutName } from '../boot/names.ts';
import type { BootBook } from '../boots/boot-book.ts';
import { type Device, isNode, type Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { messageOf, RequestError } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';

type Options = {
  readonly registry: Registry;
  readonly journal: Journal;
  readonly boots: BootBook;
  /** sends a command to the net service of a node; throws if it did not obey */
  readonly command: (ip: string, command: 'REBOOT') => Promise<void>;
};

export type RebootResult = { readonly name: string; readonly error: string | null };

export class NodeActions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws {RequestError} if there is no such device */
  device(name: string): Device {
    const device = this.#options.registry.byName(name);
    if (device === undefined) throw new RequestError(404, `No device with name '${name}' found.`);
    return device;
  }

  /** @throws {RequestError} if there is no such device, or it is no node */
  node(name: string): Node {
    const device = this.device(name);
    if (isNode(device)) return device;
    throw new RequestError(409, `Device '${name}' is not a node: it has announced no model yet.`);
  }

  /** On disk when the promise resolves. @throws {RequestError} with nothing changed */
  async rename(from: string, to: string): Promise<Device> {
    const { registry, journal } = this.#options;
    const device = this.device(from);
    if (to === device.name) return device;
    const complaint = complaintAboutName(to);
    if (complaint !== undefined) throw new RequestError(400, `Cannot rename ${from}: ${complaint}`);
    const holder = registry.byName(to);
    if (holder !== undefined && holder.mac !== device.mac) {
      throw new RequestError(
        409,
        `Cannot rename ${from}: another device is called '${holder.name}'`,
      );
    }
    const renamed = { ...device, name: to };
    await registry.save(renamed);
    journal.append([{ kind: 'renamed', from: device.name, to, isAutomatic: false }]);
    return renamed;
  }

  /** All at once. @throws {RequestError} if one of the names is of no node; then none is rebooted */
  async reboot(names: readonly string[]): Promise<RebootResult[]> {
    const nodes = [...new Set(names.map((name) => this.node(name)))];
    return await Promise.all(nodes.map((node) => this.#rebootOne(node)));
  }

  /**
   * Resolves when all are booted or the time is over.
   * @returns names of those that are not booted
   */
  async wait(
    names: readonly string[],
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<string[]> {
    const { boots, journal } = this.#options;
    const nodes = names.map((name) => this.node(name));
    const missing = () => nodes.filter(({ mac }) => boots.statusOf(mac).state !== 'booted');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, options.timeoutMs);
      const stop = journal.watchBoots(() => {
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

  async #rebootOne({ name, ip, mac }: Node): Promise<RebootResult> {
    try {
      await this.#options.command(ip, 'REBOOT');
    } catch (reason) {
      return { name, error: messageOf(reason) };
    }
    const signal = { kind: 'down', cause: 'reboot requested', method: 'soft' } as const;
    this.#options.journal.append([{ kind: 'signal', mac, signal }]);
    return { name, error: null };
  }
}
