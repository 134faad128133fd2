// How far each node has come: the boot that runs, its stages on disk, and who is connected right now.
import type { Kysely } from 'kysely';
import {
  advanceBoot,
  type Boot,
  type BootSignal,
  type BootState,
  isRebooting,
} from '../boot/progress.ts';
import type { Speaker } from '../boot/request.ts';
import {
  readLastBootId,
  readLastBoots,
  readStages,
  writeBoot,
  writeStage,
} from '../store/sqlite/boots.ts';
import type { Tables } from '../store/sqlite/schema.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';

export type NodeStatus = {
  readonly state: BootState | 'never-booted';
  /** microseconds since 1970, when the last boot began */
  readonly since?: number;
};

/** What a signal changed, for those who tell people. */
export type BootChange = {
  readonly mac: string;
  readonly state: BootState;
  readonly changed: boolean;
  readonly endedBefore?: string;
};

type Running = { readonly id: number; readonly boot: Boot; readonly stages: number };

/** A node that asks for the same file in a tight loop must not fill the disk. */
const MOST_STAGES = 300;

export class BootBook {
  readonly #writes: WriteQueue;
  readonly #database: Kysely<Tables>;
  readonly #boots = new Map<string, Running>();
  #lastId = 0;

  constructor(database: Kysely<Tables>, writes: WriteQueue) {
    this.#database = database;
    this.#writes = writes;
  }

  /** Reads what an earlier run of the server saw. */
  async load(): Promise<void> {
    this.#lastId = await readLastBootId(this.#database);
    for (const row of await readLastBoots(this.#database)) {
      const state = row.state as BootState;
      const boot: Boot = { started: row.started, state, speaker: 'walt-loader' };
      this.#boots.set(row.mac, { id: row.id, boot, stages: 0 });
    }
  }

  statusOf(mac: string): NodeStatus {
    const running = this.#boots.get(mac);
    if (running === undefined) return { state: 'never-booted' };
    return { state: running.boot.state, since: running.boot.started };
  }

  /**
   * Has the node just been told to reboot, and not begun to boot again?
   * @param at microseconds since 1970
   */
  isRebooting(mac: string, at: number): boolean {
    const running = this.#boots.get(mac);
    return running !== undefined && isRebooting(running.boot, at);
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
    this.#boots.delete(mac);
  }

  /** Stages of the last boot, oldest first, each with its time in microseconds. */
  async stagesOf(mac: string): Promise<Record<string, unknown>[]> {
    const running = this.#boots.get(mac);
    if (running === undefined) return [];
    await this.#writes.flush();
    const rows = await readStages(this.#database, running.id);
    return rows.map(({ at, stage, detail }) => ({ at, stage, ...JSON.parse(detail) }));
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
    const id = isNew || before === undefined ? this.#add(mac, boot) : before.id;
    const stages = isNew || before === undefined ? 0 : before.stages;
    const isKept = isStage && stages < MOST_STAGES;
    if (isKept) this.#write(id, { signal, at, state: boot.state });
    this.#boots.set(mac, { id, boot, stages: isKept ? stages + 1 : stages });
    return {
      mac,
      state: boot.state,
      changed: isNew || boot.state !== before?.boot.state,
      ...(endedBefore === undefined ? {} : { endedBefore }),
    };
  }

  #add(mac: string, boot: Boot): number {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#later(writeBoot({ id, mac, started: boot.started, state: boot.state }));
    return id;
  }

  #write(boot: number, entry: { signal: BootSignal; at: number; state: BootState }): void {
    const { kind, ...detail } = entry.signal;
    const row = { boot, at: entry.at, stage: kind, detail: JSON.stringify(detail) };
    this.#later(writeStage(row, entry.state));
  }

  /** Stages are told to no one before they are on disk, so nobody waits; a full disk stops no boot. */
  #later(write: Parameters<WriteQueue['commit']>[0]): void {
    this.#writes.commitLater(write).catch(this.onWriteError);
  }

  /** Told when a stage could not be written. */
  onWriteError: (reason: unknown) => void = () => undefined;
}
