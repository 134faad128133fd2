// Whether there is room for a machine: what the others have, are being started with or are to have counts as taken.
import { complaintAboutDisk, complaintAboutMemory } from './capacity.ts';
import { missingBytes } from './disks.ts';
import { machineFiles } from './machine-files.ts';
import type { MachineRunner } from './machine-runner.ts';
import type { Hardware } from './plan.ts';
import { complaintAboutRequirements } from './requirements.ts';

/** Hardware of machines, by their MAC. */
export type Together = ReadonlyMap<string, Hardware>;

type Options = {
  /** of all machines */
  readonly folder: string;
  readonly runner: Pick<MachineRunner, 'complaintAboutNetworks'>;
  /** MACs of all machines */
  readonly macs: () => Iterable<string>;
  /** hardware that a machine is to have; undefined where there is none with this MAC */
  readonly wanted: (mac: string) => Hardware | undefined;
  /** memory that a machine was started with, bytes; 0 of one that is off */
  readonly heldBytes: (mac: string) => number;
};

/** The room for the machines of one server. */
export class Room {
  readonly #options: Options;
  /** memory of machines that were let start, bytes by their MAC */
  readonly #claims = new Map<string, number>();
  #lastClaim: Promise<unknown> = Promise.resolve();
  #make: (mac: string) => Promise<void> = async () => undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param make is asked before a machine is started: ends what the server does for itself */
  makeBy(make: (mac: string) => Promise<void>): void {
    this.#make = make;
  }

  /**
   * Why the server's machine cannot carry one with such hardware, in words.
   * @param together what other machines are to have at the same time
   */
  async complaintAbout(
    mac: string,
    hardware: Hardware,
    together: Together = new Map(),
  ): Promise<string | undefined> {
    const { folder, runner } = this.#options;
    const files = machineFiles(folder, mac);
    await this.#make(mac);
    return (
      (await complaintAboutRequirements({ hardware, files })) ??
      (await runner.complaintAboutNetworks(hardware.networks)) ??
      (await this.#capacity(mac, { hardware, together }))
    );
  }

  /**
   * Keeps memory for a machine: two that start at once do not both get the last one.
   * @returns why it cannot be carried, in words
   */
  async claim(mac: string, hardware: Hardware): Promise<string | undefined> {
    // Before its turn comes: what gives way may be waiting for a turn of its own.
    await this.#make(mac);
    const claim = this.#lastClaim.then(async () => {
      const files = machineFiles(this.#options.folder, mac);
      const complaint =
        (await complaintAboutRequirements({ hardware, files })) ??
        (await this.#capacity(mac, { hardware, together: new Map() }));
      if (complaint === undefined) this.#claims.set(mac, hardware.memoryBytes);
      return complaint;
    });
    this.#lastClaim = claim.catch(() => undefined);
    return await claim;
  }

  /** It does not run, and needs none of that memory. */
  release(mac: string): void {
    this.#claims.delete(mac);
  }

  async #capacity(
    mac: string,
    { hardware, together }: { readonly hardware: Hardware; readonly together: Together },
  ): Promise<string | undefined> {
    const { folder, macs, wanted, heldBytes } = this.#options;
    let promisedBytes = 0;
    let missing = await missingBytes(machineFiles(folder, mac), hardware.disks);
    for (const other of macs()) {
      if (other === mac) continue;
      const next = together.get(other) ?? wanted(other);
      if (next === undefined) continue;
      promisedBytes += this.#promisedTo(other, next);
      missing += await missingBytes(machineFiles(folder, other), next.disks);
    }
    const { memoryBytes } = hardware;
    return (
      (await complaintAboutMemory({ memoryBytes, promisedBytes, heldBytes: heldBytes(mac) })) ??
      (hardware.disks.length === 0 ? undefined : await complaintAboutDisk(missing, folder))
    );
  }

  /** A machine that runs, or is being started, keeps what it has until it gets what is wanted next. */
  #promisedTo(mac: string, { memoryBytes }: Hardware): number {
    const now = Math.max(this.#claims.get(mac) ?? 0, this.#options.heldBytes(mac));
    return now === 0 ? 0 : Math.max(now, memoryBytes);
  }
}
