// Which device has which serial port: a virtual node that of its machine, another one the line of the server that its setting names.
import { settingValue } from '../settings/settings-of.ts';
import type { Consoles } from './consoles.ts';
import { type LineOpener, openOwnLine } from './open-line.ts';
import { SerialLine } from './serial-line.ts';
import { VirtualSerial } from './virtual-serial.ts';

/** What is asked of a device. */
export type PortOwner = {
  readonly mac: string;
  readonly machine?: unknown;
  readonly settings?: Readonly<Record<string, string>>;
};

type Options = {
  readonly consoles: Consoles;
  /** of a virtual node, by its MAC */
  readonly filesOf: (mac: string) => { readonly consoleLog: string; readonly console: string };
  readonly onProblem: (reason: unknown) => void;
  /** who opens serial lines of this machine; this process unless said */
  readonly open?: LineOpener;
};

type Port = {
  /** what it is of: another one takes its place */
  readonly key: string;
  readonly close: () => Promise<void>;
  readonly catchUp?: () => Promise<void>;
};

const VIRTUAL = 'virtual';

/** Follows them. */
export class SerialPorts {
  readonly #options: Options;
  readonly #ports = new Map<string, Port>();
  /** who has a line, by the names of its file */
  readonly #claims = new Map<string, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The device is as this now. */
  async follow(device: PortOwner): Promise<void> {
    const key = keyOf(device);
    const { mac } = device;
    if (this.#ports.get(mac)?.key === key) return;
    await this.leave(mac);
    if (key === undefined) return;
    this.#ports.set(mac, this.#open(device, key));
  }

  /** The device has no port any more. */
  async leave(mac: string): Promise<void> {
    const port = this.#ports.get(mac);
    this.#ports.delete(mac);
    await port?.close();
    for (const [file, holder] of this.#claims) if (holder === mac) this.#claims.delete(file);
  }

  /** Records at once what a virtual node has said. */
  async catchUp(mac: string): Promise<void> {
    await this.#ports.get(mac)?.catchUp?.();
  }

  /** Lets go of all. */
  async close(): Promise<void> {
    await Promise.all([...this.#ports.keys()].map((mac) => this.leave(mac)));
  }

  #open(device: PortOwner, key: string): Port {
    const { consoles, filesOf, onProblem, open = openOwnLine } = this.#options;
    const { mac } = device;
    const parts = { console: consoles.of(mac), onProblem };
    const line = settingValue(device, 'console');
    if (key === VIRTUAL || line === undefined) {
      const port = new VirtualSerial({ ...parts, files: filesOf(mac) });
      return { key, close: () => port.close(), catchUp: () => port.catchUp() };
    }
    const port = new SerialLine({
      ...{ ...parts, line, open },
      claim: (file) => this.#claim([line.path, file], mac),
    });
    return { key, close: () => port.close() };
  }

  /** By both names: an adapter that is put in again may be another file, and is the same device's all the same. */
  #claim(names: readonly string[], mac: string): boolean {
    const holders = names.map((name) => this.#claims.get(name) ?? mac);
    if (holders.some((holder) => holder !== mac)) return false;
    for (const name of names) this.#claims.set(name, mac);
    return true;
  }
}

function keyOf(device: PortOwner): string | undefined {
  if (device.machine !== undefined) return VIRTUAL;
  const line = settingValue(device, 'console');
  return line === undefined ? undefined : `${line.path},${line.speed}`;
}
