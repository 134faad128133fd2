// What the server keeps of boots. Times are microseconds since 1970, UTC.
import type { BootSignal, BootState } from '../../boot/progress.ts';

/** What a boot loads, as far as is known: the model that its loader announced, and the key of the folder of its image. */
export type BootContent = { readonly model?: string; readonly image?: string };

/** A boot that began; `id` grows with each boot and came from the store. */
export type StoredBoot = BootContent & {
  readonly id: number;
  readonly mac: string;
  readonly started: number;
  readonly state: BootState;
  /** how often the node has begun to boot, this boot included, since it was last up; 0 once this boot came up */
  readonly attempt: number;
};

/** A step of a boot: the signal that told of it, and when. */
export type StoredStage = {
  readonly at: number;
  readonly stage: BootSignal['kind'];
  /** fields of the signal, without its kind */
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What is on disk of the boots. Nobody waits for these writes: they may be half a second behind. */
export type BootRecords = {
  /** The last boot of each device. */
  last(): Promise<StoredBoot[]>;
  /** The boots of a device before one of them, newest first; the oldest ones are not kept. */
  before(boot: { readonly mac: string; readonly id: number }, most: number): Promise<StoredBoot[]>;
  /** Stages of a boot, oldest first, with those that were appended just now. */
  stagesOf(boot: number): Promise<StoredStage[]>;
  /**
   * Adds a boot. The id can be used at once; `written` rejects if the disk refused the boot.
   * @param boot `isFirst` where the disk has no other one of the device, so that none is to be deleted for it
   */
  begin(boot: Omit<StoredBoot, 'id'> & { readonly isFirst?: boolean }): {
    readonly id: number;
    readonly written: Promise<void>;
  };
  /** Adds a stage to a boot, and notes what it leads to. */
  appendStage(
    boot: number,
    stage: StoredStage & Pick<StoredBoot, 'state' | 'attempt' | 'model' | 'image'>,
  ): Promise<void>;
  /** Boots of all devices that came up, with this model, and this image where one is given; newest first. */
  good(content: BootContent & { readonly model: string }, most: number): Promise<StoredBoot[]>;
  /**
   * The clock was set by so many microseconds: boots and stages of this run of the server, up to now, have the new time.
   * Those of earlier runs stay.
   */
  shift(by: number): Promise<void>;
};
