// One virtual machine of the server, for as long as the server runs: started, found again, watched, started again when its
// QEMU is gone. What is asked of it is done one after the other.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaltError } from '../../errors.ts';
import { makeDisks } from './disks.ts';
import type { MachineFiles } from './machine-files.ts';
import type { MachineRunner } from './machine-runner.ts';
import { isSameHardware, type MachinePlan } from './plan.ts';
import type { Accelerator } from './qemu/accelerator.ts';
import { firstVariables } from './qemu/qemu-command.ts';
import { type QmpEvent, QmpSession } from './qemu/qmp-session.ts';
import {
  type RunningHardware,
  readRunningHardware,
  writeRunningHardware,
} from './running-hardware.ts';
import { trimLog } from './trimmed-log.ts';

/** What a machine is told, and tells. */
export type KeptOptions = {
  readonly files: MachineFiles;
  /** as it is wanted now */
  readonly plan: () => MachinePlan;
  /** whether it is to run */
  readonly isOn: () => boolean;
  readonly runner: Pick<MachineRunner, 'start' | 'end' | 'isRunning'>;
  readonly accelerator: () => Promise<Accelerator>;
  /** keeps memory for it; why the server's machine cannot carry it, in words */
  readonly claim: (plan: MachinePlan) => Promise<string | undefined>;
  /** it does not run, and needs none of that memory */
  readonly release: () => void;
  /** does the work when it is this machine's turn to start by itself */
  readonly turn: (start: () => Promise<boolean>) => Promise<boolean>;
  /** its own system turned it off: it is to stay off */
  readonly onTurnedOff: () => Promise<void>;
  /** it went down without having been told to; `cause` as the log has it */
  readonly onDown: (cause: string) => void;
  /** what people should know of it, behind `virtual node NAME` */
  readonly say: (text: string) => void;
};

/** How a machine stands. `trouble`: why it does not run though it should, or what is wrong with one that does, in words. */
export type MachineState = {
  readonly isOn: boolean;
  readonly accelerator?: 'kvm' | 'tcg';
  /** it gets its new hardware when it is powered on again */
  readonly isOutdated?: boolean;
  readonly trouble?: string;
};

/** A machine that ends within this time was not up. */
const SHORT_LIFE_MS = 60_000;
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 60_000;
const DETACH_MS = 2000;

const STUCK = 'its QEMU does not answer; walt node reboot --hard starts it anew';

/** The life of one machine. */
export class KeptMachine {
  readonly #options: KeptOptions;
  #session: QmpSession | undefined;
  #running: RunningHardware | undefined;
  #trouble: string | undefined;
  /** what QEMU said last of why it stops */
  #shutdown: string | undefined;
  #startedAt = 0;
  #pause = FIRST_PAUSE_MS;
  #jobs: Promise<unknown> = Promise.resolve();
  readonly #detached = new AbortController();
  #isRemoved = false;

  constructor(options: KeptOptions) {
    this.#options = options;
  }

  get state(): MachineState {
    const trouble = this.#trouble === undefined ? {} : { trouble: this.#trouble };
    if (this.#running === undefined) return { isOn: false, ...trouble };
    const { hardware, accelerator } = this.#running;
    const isOutdated = !isSameHardware(hardware, this.#options.plan().hardware);
    return { isOn: true, accelerator, ...trouble, ...(isOutdated ? { isOutdated } : {}) };
  }

  /** Memory that it was started with, bytes; 0 of one that is off. */
  get memoryBytes(): number {
    return this.#running?.hardware.memoryBytes ?? 0;
  }

  /** Goes on with the QEMU that runs, if one does; else starts one where the machine is to be on, at its turn. */
  resume(): Promise<void> {
    return this.#job(async () => {
      const { isOn, plan, runner } = this.#options;
      if (await runner.isRunning(plan().mac)) await this.#findAgain();
      if (this.#running !== undefined && !isOn()) return await this.#off();
      if (this.#running === undefined && isOn()) this.#again();
    });
  }

  /** Powers it on, at once. @throws {WaltError} with the reason where it cannot be */
  on(): Promise<void> {
    return this.#job(async () => {
      if (this.#running === undefined) await this.#start();
    });
  }

  /** Pulls its plug. */
  off(): Promise<void> {
    return this.#job(() => this.#off());
  }

  /** Off, and on again with the hardware that is wanted now. @throws {WaltError} where it cannot be powered on */
  cycle(): Promise<void> {
    return this.#job(async () => {
      await this.#off();
      await this.#start();
    });
  }

  /** The plan has changed: a machine that reboots by itself comes up with its new hardware. */
  planChanged(): Promise<void> {
    return this.#job(async () => {
      const reboot = this.state.isOutdated ? 'shutdown' : 'reset';
      await this.#session?.run('set-action', { reboot });
    });
  }

  /** Pulls its plug, and removes all that it had. */
  remove(): Promise<void> {
    this.#isRemoved = true;
    this.#detached.abort();
    return this.#job(async () => {
      await this.#off();
      await rm(this.#options.files.folder, { recursive: true, force: true });
    });
  }

  /** Leaves it running; one that is just being started is found again by the next server. */
  async detach(): Promise<void> {
    this.#detached.abort();
    await Promise.race([this.#jobs, sleep(DETACH_MS, undefined, { ref: false })]);
    this.#session?.close();
  }

  /** Asks QEMU whether it still answers; where it does not, people are told once, and it is left to them. */
  async check(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#running === undefined) return;
    const answers = await session.run('query-status').then(
      () => true,
      () => false,
    );
    if (this.#session !== session || session.isOver) return;
    if (!answers && this.#trouble === undefined) this.#options.say(`is stuck: ${STUCK}`);
    this.#trouble = answers ? undefined : STUCK;
  }

  /** Keeps what the serial console and QEMU said within bounds. */
  async trimLogs(): Promise<void> {
    const { consoleLog, messages } = this.#options.files;
    await trimLog(consoleLog);
    await trimLog(messages);
  }

  #job<Result>(work: () => Promise<Result>): Promise<Result> {
    const job = this.#jobs.then(work);
    this.#jobs = job.catch(() => undefined);
    return job;
  }

  async #start(): Promise<void> {
    const { files, runner, say } = this.#options;
    const plan = this.#options.plan();
    if (this.#isRemoved) throw new WaltError(`Cannot power ${plan.name} on: it is removed`);
    try {
      const complaint = await this.#options.claim(plan);
      if (complaint !== undefined) throw new WaltError(complaint);
      const { kind, why } = await this.#options.accelerator();
      await this.#prepare(plan);
      await writeRunningHardware(files.hardware, { hardware: plan.hardware, accelerator: kind });
      await runner.start(plan, kind);
      await this.#attach();
      say(kind === 'kvm' ? 'is powered on' : `is powered on, emulated (${why})`);
    } catch (cause) {
      await this.#clear();
      const reason = messageOf(cause);
      // The same reason again is no news.
      if (reason !== this.#trouble) say(`cannot be powered on: ${reason}`);
      this.#trouble = reason;
      throw new WaltError(`Cannot power ${plan.name} on: ${reason}`, { cause });
    }
  }

  async #prepare(plan: MachinePlan): Promise<void> {
    const { files } = this.#options;
    await mkdir(files.folder, { recursive: true, mode: 0o700 });
    const previous = await readRunningHardware(files.hardware);
    await makeDisks(files, plan.hardware.disks, previous?.hardware.disks);
    const first = firstVariables(plan);
    const isNew = previous?.hardware.firmware !== plan.hardware.firmware;
    if (first !== undefined && isNew) await copyFile(first, files.vars);
  }

  /** A QEMU that does not answer, or of which nothing is known, is ended. */
  async #findAgain(): Promise<void> {
    const reason = await this.#attach().then(() => undefined, messageOf);
    if (reason === undefined && this.#running !== undefined) return;
    this.#options.say(`is started anew: ${reason ?? 'nothing is known of its hardware'}`);
    await this.#off();
  }

  /** @throws {WaltError} if QEMU does not answer */
  async #attach(): Promise<void> {
    const { files } = this.#options;
    const session = await QmpSession.open(files.qmp, (event) => this.#hear(event));
    this.#session = session;
    this.#running = await readRunningHardware(files.hardware);
    this.#trouble = undefined;
    this.#shutdown = undefined;
    this.#startedAt = performance.now();
    session.closed.then(() => this.#closed(session));
    const { status } = (await session.run('query-status')) as { status: string };
    if (status === 'shutdown') this.#stopped();
    else if (this.state.isOutdated) await session.run('set-action', { reboot: 'shutdown' });
  }

  #hear({ event, data }: QmpEvent): void {
    if (event !== 'SHUTDOWN') return;
    this.#shutdown = String(data?.reason);
    this.#stopped();
  }

  /** QEMU has stopped the machine, and waits: its own system turned it off, or rebooted it for new hardware. */
  #stopped(): void {
    const session = this.#session;
    const reason = this.#shutdown ?? (this.state.isOutdated ? 'guest-reset' : 'guest-shutdown');
    this.#job(async () => {
      // Somebody may have powered it off, and on again, before this job's turn came.
      if (this.#running === undefined || this.#session !== session) return;
      const { onTurnedOff, onDown, say } = this.#options;
      await this.#off();
      if (reason !== 'guest-shutdown') return this.#again({ isAtOnce: true });
      onDown('its system turned it off');
      say('has turned itself off');
      await onTurnedOff();
    }).catch(() => undefined);
  }

  /** QEMU has ended, and nobody here ended it. */
  #closed(session: QmpSession): void {
    if (this.#session !== session || this.#detached.signal.aborted) return;
    this.#job(async () => {
      if (this.#session !== session) return;
      const lived = performance.now() - this.#startedAt;
      this.#pause =
        lived < SHORT_LIFE_MS ? Math.min(this.#pause * 2, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
      await this.#off();
      this.#options.onDown('its virtual machine ended');
      this.#options.say('has lost its QEMU process: starting it again');
      this.#again();
    }).catch(() => undefined);
  }

  /** Starts it by itself, for as long as it is to be on. */
  #again({ isAtOnce = false }: { readonly isAtOnce?: boolean } = {}): void {
    const { turn } = this.#options;
    const { signal } = this.#detached;
    const start = () => this.#startIfWanted();
    const run = async () => {
      for (let pause = isAtOnce ? 0 : this.#pause; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
        if (pause > 0) await sleep(pause, undefined, { signal, ref: false });
        if (isAtOnce ? await start() : await turn(start)) return;
        pause = Math.max(pause, FIRST_PAUSE_MS);
      }
    };
    run().catch(() => undefined);
  }

  /** @returns whether nothing is left to be tried: it runs, or is no longer to be on */
  async #startIfWanted(): Promise<boolean> {
    const isWanted = !this.#detached.signal.aborted && this.#options.isOn();
    if (!isWanted || this.#running !== undefined) return true;
    return await this.on().then(
      () => true,
      () => false,
    );
  }

  async #off(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    session?.close();
    await this.#clear();
  }

  async #clear(): Promise<void> {
    this.#session = undefined;
    this.#running = undefined;
    const { runner, plan, release } = this.#options;
    await runner.end(plan().mac);
    release();
  }
}
