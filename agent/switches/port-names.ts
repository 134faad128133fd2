// What ports are called: by a person, or else by their switch.
import { WaltError } from '../errors.ts';
import type { PowerRecords, StoredPort } from '../store/records/power.ts';
import type { Place } from './facts.ts';
import type { Topology } from './topology.ts';

type Options = {
  readonly topology: Pick<Topology, 'factsOf'>;
  readonly records: Pick<PowerRecords, 'ports' | 'savePort'>;
};

const VALID = /^[a-zA-Z0-9][a-zA-Z0-9 ._/-]{0,31}$/;

/** The names of all ports. */
export class PortNames {
  readonly #options: Options;
  readonly #given = new Map<string, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads the names that people gave. */
  async load(): Promise<void> {
    for (const port of await this.#options.records.ports()) this.#note(port);
  }

  /** As people see it, as `ge7`. */
  nameOf(place: Place): string {
    return this.givenTo(place) ?? this.#ownNameOf(place) ?? `port ${place.port}`;
  }

  /** That a person gave; undefined where nobody did. */
  givenTo({ switch: mac, port }: Place): string | undefined {
    return this.#given.get(`${mac} ${port}`);
  }

  /**
   * Gives a port a name, or with an empty one the name that it has of its own. On disk when the promise resolves.
   * @throws {WaltError} if it is none, or another port of the switch has it
   */
  async set({ switch: mac, port }: Place, name: string): Promise<void> {
    if (name !== '' && !VALID.test(name)) {
      throw new WaltError(
        `'${name.slice(0, 40)}' is no name of a port: expected 1 to 32 letters, digits, blanks, dots, dashes and slashes, a letter or digit first`,
      );
    }
    const other = this.#holderOf(mac, name);
    if (name !== '' && other !== undefined && other !== port) {
      throw new WaltError(`port ${other} of this switch is called '${name}' already`);
    }
    const given = { switch: mac, port, name: name || null };
    await this.#options.records.savePort(given);
    this.#note(given);
  }

  /** A switch is not known any more. What is on disk of that is for who calls. */
  forget(mac: string): void {
    for (const key of this.#given.keys()) if (key.startsWith(`${mac} `)) this.#given.delete(key);
  }

  #note({ switch: mac, port, name }: Omit<StoredPort, 'offSince'>): void {
    if (name === null) this.#given.delete(`${mac} ${port}`);
    else this.#given.set(`${mac} ${port}`, name);
  }

  #ownNameOf({ switch: mac, port }: Place): string | undefined {
    return this.#options.topology.factsOf(mac)?.ports.find((one) => one.port === port)?.name;
  }

  #holderOf(mac: string, name: string): number | undefined {
    const found = [...this.#given].find(
      ([key, given]) => given === name && key.startsWith(`${mac} `),
    );
    return found === undefined ? undefined : Number(found[0].split(' ')[1]);
  }
}
