// How far each node has come: the boot that runs in memory, its stages on disk.
import {
  advanceBoot,
  type Boot,
  type BootSignal,
  type BootState,
  isRebooting,
  shifted,
  stateAt,
} from '../boot/progress.ts';
import type { Speaker } from '../boot/request.ts';
import type { EventOf } from '../events/event.ts';
import type { Clock } from '../host/clock/clock.ts';
import type { BootContent, BootRecords, StoredBoot, StoredStage } from '../store/records/boots.ts';
import { doneBefore } from './done-before.ts';
import { FIRST_SAID, failuresText, TOLD_ATTEMPTS } from './failures.ts';

/** What is said of the last boot of a node. */
export type NodeStatus = {
  readonly state: BootState | 'never-booted' | 'stalled';
  /** microseconds since 1970, when the last boot began */
  readonly since?: number;
};

/** A boot, and its stages, oldest first. */
export type ToldBoot = StoredBoot & { readonly stages: readonly StoredStage[] };

/** What a signal did: the facts of event `boot`, but for the name of the device. */
export type BootChange = Omit<EventOf<'boot'>, 'kind' | 'name'>;

type Running = {
  readonly id: number;
  readonly boot: Boot;
  readonly stages: number;
  /** as `StoredBoot` has it */
  readonly attempt: number;
  readonly content: BootContent;
  /** whether the boot before it may have begun by kexec: of one that an earlier run of the server saw nobody knows */
  readonly isAfterWarm: boolean;
};

type Options = {
  readonly records: BootRecords;
  readonly clock: Clock;
  /** whether the device is to start from its own disk: that it does not come up then says nothing */
  readonly startsLocally?: (mac: string) => boolean;
  /** whether the server boots this machine for itself: nothing of it is written */
  readonly isTrial?: (mac: string) => boolean;
  /** what the device is to load now; by default nothing is known of it */
  readonly contentOf?: (mac: string) => BootContent;
  /** told when a stage could not be written: a full disk stops no boot */
  readonly onProblem: (reason: unknown) => void;
};

type Entry = {
  readonly signal: BootSignal;
  readonly at: number;
  readonly state: BootState;
  readonly attempt: number;
  readonly content: BootContent;
};

type Beginning = Pick<Running, 'boot' | 'attempt' | 'content'> & { readonly mac: string };

/** A node that asks for the same file in a tight loop must not fill the disk. */
const MOST_STAGES = 300;
/** What comes behind so many files is still written: that it is up. */
const MOST_LAST_STAGES = MOST_STAGES + 100;

/** The last boot of each device, as the signals tell it. */
export class BootBook {
  readonly #options: Options;
  readonly #boots = new Map<string, Running>();
  /** numbers of boots that the disk did not take */
  readonly #lost = new Set<number>();
  /** number of the last boot of a machine of the server's own: below 0, as the disk has no number for it */
  #lastOfTrials = 0;
  /** id of the last boot that an earlier run of the server saw */
  #lastOfBefore = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what an earlier run of the server saw. Nodes that were booted have to say so again. */
  async load(): Promise<void> {
    const heardAt = this.#options.clock();
    for (const stored of await this.#options.records.last()) {
      const { id, mac, started, state: last, attempt } = stored;
      const state = last === 'booted' ? 'unconfirmed' : last;
      const done = await doneBefore(stored, this.#options);
      const boot: Boot = { started, state, heardAt, speaker: 'walt-loader', ...done };
      const content = pickContent(stored);
      this.#boots.set(mac, { id, boot, stages: 0, attempt, content, isAfterWarm: false });
      this.#lastOfBefore = Math.max(this.#lastOfBefore, id);
    }
  }

  /** How a node stands now. */
  statusOf(mac: string): NodeStatus {
    const running = this.#boots.get(mac);
    if (running === undefined) return { state: 'never-booted' };
    const { boot } = running;
    return { state: stateAt(boot, this.#options.clock()), since: boot.started };
  }

  /** Number of the last boot of a device, and how far it came; undefined where none is known. */
  bootOf(mac: string): { readonly id: number; readonly state: BootState } | undefined {
    const running = this.#boots.get(mac);
    return running && { id: running.id, state: running.boot.state };
  }

  /** Whether the boot before the last one may have begun by kexec, so that it is worth a look at the disk. */
  isAfterWarm(mac: string): boolean {
    return this.#boots.get(mac)?.isAfterWarm === true;
  }

  /** Has the node just been told to reboot, and not begun to boot again? */
  isRebooting(mac: string): boolean {
    const running = this.#boots.get(mac);
    return running !== undefined && isRebooting(running.boot, this.#options.clock());
  }

  /** Does the node run its system, as far as is known? */
  isUp(mac: string): boolean {
    const state = this.#boots.get(mac)?.boot.state;
    return state === 'booted' || state === 'unconfirmed';
  }

  /** Who spoke last in the boot that runs; undefined for a device that is not starting. */
  speakerOf(mac: string): Speaker | undefined {
    const boot = this.#boots.get(mac)?.boot;
    return boot?.state === 'dhcp' || boot?.state === 'files' ? boot.speaker : undefined;
  }

  /** MACs whose boot is in one of these states. */
  inState(...states: BootState[]): string[] {
    return [...this.#boots]
      .filter(([, { boot }]) => states.includes(boot.state))
      .map(([mac]) => mac);
  }

  /** The device is no longer known, and its boots are gone from the disk. */
  forget(mac: string): void {
    this.#lost.delete(this.#boots.get(mac)?.id ?? 0);
    this.#boots.delete(mac);
  }

  /**
   * The clock was set: what was heard a moment ago is still a moment ago, and a boot took as long as it took.
   * @param by microseconds, below 0 where it was set back
   */
  async shift(by: number): Promise<void> {
    const { records, onProblem } = this.#options;
    for (const [mac, running] of this.#boots) {
      const moved = shifted(running.boot, by);
      const isOfThisRun = running.id > this.#lastOfBefore;
      const boot = isOfThisRun ? { ...moved, started: moved.started + by } : moved;
      this.#boots.set(mac, { ...running, boot });
    }
    await records.shift(by).catch(onProblem);
  }

  /** The boots since the device was last up, and why they failed as far as is known; undefined where they are few. */
  async failuresOf(mac: string): Promise<string | undefined> {
    const running = this.#boots.get(mac);
    if (running === undefined || running.attempt < FIRST_SAID) return undefined;
    const { records } = this.#options;
    const boots = await records.before({ mac, id: running.id }, TOLD_ATTEMPTS);
    const failed = boots.filter(({ attempt }) => attempt > 0);
    const attempts = await Promise.all(
      failed.map(async ({ id, state }) => ({ state, stages: await records.stagesOf(id) })),
    );
    return failuresText(running.attempt, attempts);
  }

  /** The last boots of a device, newest first, each with its stages. */
  async lastOf(mac: string, most: number): Promise<ToldBoot[]> {
    const running = this.#boots.get(mac);
    if (running === undefined) return [];
    const { records } = this.#options;
    const boots = await records.before({ mac, id: running.id + 1 }, most);
    return await Promise.all(
      boots.map(async (boot) => ({ ...boot, stages: await records.stagesOf(boot.id) })),
    );
  }

  /** Stages of the last boot, oldest first. */
  async stagesOf(mac: string): Promise<StoredStage[]> {
    const running = this.#boots.get(mac);
    return running === undefined ? [] : await this.#options.records.stagesOf(running.id);
  }

  /**
   * Takes in a signal of a boot.
   * @param at microseconds since 1970
   * @returns undefined where it says nothing of any boot
   */
  record(mac: string, signal: BootSignal, at: number): BootChange | undefined {
    const before = this.#boots.get(mac);
    const progress = advanceBoot(before?.boot, signal, at);
    if (progress === undefined) return undefined;
    const { boot, isNew, isStage, endedBefore } = progress;
    const isOther = isNew || before === undefined;
    // A boot that a full disk did not take is written with its next signal; what came before that is lost.
    const isWritten = !isOther && !this.#lost.delete(before.id);
    const isLocal = this.#options.startsLocally?.(mac) === true;
    const attempt = isLocal ? 0 : attemptAfter(before, { boot, isOther });
    // What a node loads is known for good when its root is mounted: an image that is chosen then is for its next boot.
    const isOpen = isOther || before.boot.state === 'dhcp' || before.boot.state === 'files';
    const now = isLocal ? {} : (this.#options.contentOf?.(mac) ?? {});
    const content = isOpen ? now : before.content;
    const { id, stages } = isWritten
      ? before
      : { id: this.#begin({ mac, boot, attempt, content }), stages: 0 };
    const isKept = isStage && stages < mostStages(signal);
    if (isKept) this.#append(id, { signal, at, state: boot.state, attempt, content });
    const isAfterWarm = isOther ? this.#mayBeWarm(before) : before.isAfterWarm;
    const seen = isKept ? stages + 1 : stages;
    this.#boots.set(mac, { id, boot, stages: seen, attempt, content, isAfterWarm });
    const { state } = boot;
    return {
      ...{ mac, boot: id, signal, state },
      ...(isOther ? { attempt } : { before: before.boot.state }),
      ...(endedBefore === undefined ? {} : { endedBefore }),
    };
  }

  #mayBeWarm(running: Running | undefined): boolean {
    if (running === undefined) return false;
    return running.boot.isWarm === true || running.id <= this.#lastOfBefore;
  }

  #begin({ mac, boot, attempt, content }: Beginning): number {
    const { started, state } = boot;
    const { records, onProblem, isTrial } = this.#options;
    if (isTrial?.(mac)) {
      this.#lastOfTrials -= 1;
      return this.#lastOfTrials;
    }
    const isFirst = !this.#boots.has(mac);
    const { id, written } = records.begin({ mac, started, state, attempt, ...content, isFirst });
    written.catch((reason: unknown) => {
      this.#lost.add(id);
      onProblem(reason);
    });
    return id;
  }

  #append(boot: number, { signal, content, ...rest }: Entry): void {
    if (boot < 0) return;
    const { records, onProblem } = this.#options;
    const { kind: stage, ...detail } = signal;
    records.appendStage(boot, { stage, detail, ...rest, ...content }).catch((reason: unknown) => {
      if (!this.#lost.has(boot)) onProblem(reason);
    });
  }
}

function pickContent({ model, image }: BootContent): BootContent {
  return {
    ...(model === undefined ? {} : { model }),
    ...(image === undefined ? {} : { image }),
  };
}

function attemptAfter(
  before: Running | undefined,
  { boot, isOther }: { readonly boot: Boot; readonly isOther: boolean },
): number {
  if (boot.state === 'booted') return 0;
  return (before?.attempt ?? 0) + (isOther ? 1 : 0);
}

function mostStages({ kind }: BootSignal): number {
  return kind === 'file' || kind === 'dhcp' ? MOST_STAGES : MOST_LAST_STAGES;
}
