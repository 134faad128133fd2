// All virtual machines of the server. Which there are is for its caller to know; this keeps each of them as it is wanted,
// and leaves them running when the server stops.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaltError } from '../../errors.ts';
import { lossWords, lostDisks } from './disks.ts';
import { KeptMachine, type MachineState } from './kept-machine.ts';
import { machineFiles, macOfFolder } from './machine-files.ts';
import { type MachineRunner, ownMachineRunner } from './machine-runner.ts';
import type { Hardware, MachinePlan } from './plan.ts';
import type { Accelerator } from './qemu/accelerator.ts';
import { Room, type Together } from './room.ts';
import { complaintAboutBridge } from './taps.ts';
import { Turns } from './turns.ts';

/** A machine as the caller knows it. */
export type Wanted = { readonly plan: MachinePlan; readonly isOn: boolean };

/** What there is to tell the caller. */
export type MachineNews =
  | { readonly kind: 'said'; readonly mac: string; readonly text: string }
  | { readonly kind: 'down'; readonly mac: string; readonly cause: string };

type Options = {
  /** of all machines; made where it is missing */
  readonly folder: string;
  /** of walt-net */
  readonly bridge: string;
  /** the machine with this MAC; undefined where there is none (any more) */
  readonly wanted: (mac: string) => Wanted | undefined;
  /** a machine was turned on or off, by its own system too: on disk when the promise resolves */
  readonly setOn: (mac: string, isOn: boolean) => Promise<void>;
  readonly tell: (news: MachineNews) => void;
  /** by default found out by a probe boot, when the first machine starts */
  readonly accelerator?: () => Promise<Accelerator>;
  /** by default this process */
  readonly runner?: MachineRunner;
};

/** Machines that start by themselves do so one after the other, so far apart. */
const TURN_MS = 1000;
const LONGEST_CHANCE = 10;
const RESUME_MS = 2000;
/** A server that is to end waits for no timer. */
const UNHELD = { ref: false };

/** Keeps the machines of one server. */
export class Machines {
  readonly #options: Options;
  readonly #kept = new Map<string, KeptMachine>();
  readonly #turns = new Turns(() => sleep(TURN_MS, undefined, UNHELD));
  readonly #runner: MachineRunner;
  readonly #room: Room;
  #accelerator: Promise<Accelerator> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#runner = options.runner ?? ownMachineRunner(options);
    this.#room = new Room({
      folder: options.folder,
      runner: this.#runner,
      macs: () => this.#kept.keys(),
      wanted: (mac) => options.wanted(mac)?.plan.hardware,
      heldBytes: (mac) => this.#kept.get(mac)?.memoryBytes ?? 0,
    });
  }

  /**
   * Goes on with the machines that an earlier run of the server left, starts those that are to be on, and clears away what is
   * left of others. Returns once it knows of each whether it runs, or after 2 s: nobody waits for a QEMU that hangs.
   */
  async resume(macs: readonly string[]): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const mac = macOfFolder(name);
      if (mac === undefined || macs.includes(mac)) continue;
      await this.#runner.end(mac);
      await rm(machineFiles(folder, mac).folder, { recursive: true, force: true });
    }
    const resumed = Promise.all(macs.map((mac) => this.#resumeOne(mac)));
    await Promise.race([resumed, sleep(RESUME_MS, undefined, UNHELD)]);
  }

  /** @param makeRoom is asked before this machine is started: ends what the server does for itself */
  makeRoomBy(makeRoom: (mac: string) => Promise<void>): void {
    this.#room.makeBy(makeRoom);
  }

  /** How a machine stands; undefined where there is none. */
  stateOf(mac: string): MachineState | undefined {
    return this.#kept.get(mac)?.state;
  }

  /** How machines run here, and why, as far as that was found out. */
  accelerator(): Promise<Accelerator> {
    const find = this.#options.accelerator ?? (() => this.#runner.accelerator());
    this.#accelerator ??= find().catch((reason: unknown) => {
      // Who finds it out did not answer: the next one asks again.
      this.#accelerator = undefined;
      throw reason;
    });
    return this.#accelerator;
  }

  /** Takes a new machine in, and powers it on. @throws {WaltError} where it cannot be: it is kept all the same */
  async add(mac: string): Promise<void> {
    await this.#keep(mac).on();
  }

  /** Powers a machine off for good, and removes its disks. */
  async remove(mac: string): Promise<void> {
    await this.#kept.get(mac)?.remove();
    this.#kept.delete(mac);
  }

  /** The plan of a machine has changed: it gets what has changed when it is powered on, or reboots by itself. */
  async planChanged(mac: string): Promise<void> {
    await this.#kept.get(mac)?.planChanged();
  }

  /** It stays on from now on. @throws {WaltError} where it cannot be powered on */
  async powerOn(mac: string): Promise<void> {
    await this.#options.setOn(mac, true);
    await this.#of(mac).on();
  }

  /** Pulls its plug; it stays off from now on. */
  async powerOff(mac: string): Promise<void> {
    await this.#options.setOn(mac, false);
    await this.#of(mac).off();
  }

  /** Off, and on with the hardware that is wanted now. @throws {WaltError} where it cannot be powered on */
  async powerCycle(mac: string): Promise<void> {
    await this.#options.setOn(mac, true);
    await this.#of(mac).cycle();
  }

  /** Whether it runs. */
  powerStatus(mac: string): Promise<'on' | 'off'> {
    return Promise.resolve(this.#of(mac).state.isOn ? 'on' : 'off');
  }

  /** Why no machine can be had here at all, in words. */
  complaint(): Promise<string | undefined> {
    return complaintAboutBridge(this.#options.bridge);
  }

  /**
   * Why this machine cannot carry one with such hardware, in words; asked before anything is changed.
   * @param together what other machines are to have at the same time, by their MAC
   */
  async complaintAbout(
    mac: string,
    hardware: Hardware,
    together?: Together,
  ): Promise<string | undefined> {
    return await this.#room.complaintAbout(mac, hardware, together);
  }

  /** What of a machine would be lost with such hardware, in words; undefined where nothing would. */
  async lossOf(mac: string, hardware: Hardware): Promise<string | undefined> {
    const { folder, wanted } = this.#options;
    const before = wanted(mac)?.plan.hardware.disks ?? [];
    const lost = await lostDisks(machineFiles(folder, mac), before, hardware.disks);
    return lossWords(lost);
  }

  /** Asks each machine that runs whether it still answers, and plugs those in again whose bridge was made anew. */
  async check(): Promise<void> {
    const all = [...this.#kept.values()];
    const plugged = all.some(({ state }) => state.isOn) ? await this.#runner.plugIn() : [];
    const text = `is plugged into ${this.#options.bridge} again, which was made anew`;
    for (const mac of plugged) this.#options.tell({ kind: 'said', mac, text });
    await Promise.all(all.map((machine) => machine.check()));
  }

  /**
   * Keeps what consoles and QEMU said within bounds.
   * @param before called of each machine first: whoever follows its console reads on
   * @throws {AggregateError} of those that could not be kept, once all were asked
   */
  async trimLogs(before: (mac: string) => Promise<void> = async () => undefined): Promise<void> {
    const all = [...this.#kept].map(async ([mac, machine]) => {
      await before(mac);
      await machine.trimLogs();
    });
    const reasons = (await Promise.allSettled(all)).flatMap((trimmed) =>
      trimmed.status === 'rejected' ? [trimmed.reason] : [],
    );
    if (reasons.length === 0) return;
    const [first] = reasons.map(messageOf);
    throw new AggregateError(reasons, `Cannot keep the log of a virtual machine: ${first}`);
  }

  /** Leaves all of them running. */
  async detach(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((machine) => machine.detach()));
  }

  async #resumeOne(mac: string): Promise<void> {
    try {
      await this.#keep(mac).resume();
    } catch (reason) {
      const text = `cannot be looked after: ${messageOf(reason)}`;
      this.#options.tell({ kind: 'said', mac, text });
    }
  }

  #of(mac: string): KeptMachine {
    const machine = this.#kept.get(mac);
    if (machine === undefined) throw new WaltError(`There is no virtual machine ${mac}`);
    return machine;
  }

  #keep(mac: string): KeptMachine {
    const known = this.#kept.get(mac);
    if (known !== undefined) return known;
    const { folder, wanted, setOn, tell } = this.#options;
    let last = wanted(mac)?.plan;
    const machine = new KeptMachine({
      files: machineFiles(folder, mac),
      runner: this.#runner,
      plan: () => {
        last = wanted(mac)?.plan ?? last;
        if (last === undefined) throw new WaltError(`There is no virtual machine ${mac}`);
        return last;
      },
      isOn: () => wanted(mac)?.isOn === true,
      accelerator: () => this.accelerator(),
      claim: ({ hardware }) => this.#room.claim(mac, hardware),
      release: () => this.#room.release(mac),
      turn: async (start) => {
        await sleep(1000 * (wanted(mac)?.plan.delaySeconds ?? this.#chance()), undefined, UNHELD);
        return await this.#turns.take(start);
      },
      onTurnedOff: () => setOn(mac, false),
      onDown: (cause) => tell({ kind: 'down', mac, cause }),
      say: (text) => tell({ kind: 'said', mac, text }),
    });
    this.#kept.set(mac, machine);
    return machine;
  }

  /** Seconds, more of them where there are more machines, so that they do not all load the server at once. */
  #chance(): number {
    return Math.random() * Math.min(LONGEST_CHANCE, this.#kept.size - 1);
  }
}
