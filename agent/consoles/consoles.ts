// The consoles of all devices, by their MACs. Each is recorded whether anybody looks or not; its lines go to the log as well.
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../errors.ts';
import type { Places } from '../host/queues/places.ts';
import { DeviceConsole, type Input, type Shown, type Viewer } from './console.ts';
import { ConsoleLines } from './console-lines.ts';
import type { Entry, Source } from './entry.ts';
import { Recording, type RecordingLimits } from './recording.ts';

type Options = {
  /** of all records */
  readonly folder: string;
  readonly limits: RecordingLimits;
  /** of viewers */
  readonly places: Pick<Places, 'take'>;
  readonly clock: () => number;
  readonly isKnown: (mac: string) => boolean;
  /** lines for the log; resolves when they are on disk */
  readonly log: (mac: string, lines: readonly string[]) => Promise<void>;
  readonly onProblem: (reason: unknown) => void;
};

/** What somebody wants of a console. */
export type Visit = {
  readonly user: string;
  /** their address; empty on this machine */
  readonly from: string;
  readonly signal: AbortSignal;
  /** look alone; type if nobody does; take that from whoever does */
  readonly wish: 'watch' | 'write' | 'take';
  /** go on behind this place of the record, which an earlier visit was told */
  readonly after?: number | undefined;
  /** without a place: begin with the last so many lines */
  readonly history: number;
  readonly follows: boolean;
};

/** A visit that has begun. `writer`: who types. */
export type OpenVisit = {
  readonly id: string;
  readonly isWriter: boolean;
  readonly writer: string | undefined;
  readonly shown: AsyncGenerator<Shown[]>;
};

type Seat = {
  readonly viewer: Viewer;
  readonly console: DeviceConsole;
  readonly left: AbortController;
  readonly giveBack: () => void;
};

/** The kernel's own stream of the log has these. */
const LOGGED_ELSEWHERE: readonly Source[] = ['kernel', 'server'];

/** Keeps them for one server. */
export class Consoles {
  readonly #options: Options;
  readonly #consoles = new Map<string, DeviceConsole>();
  readonly #seats = new Map<string, Seat>();
  readonly #lines: ConsoleLines;

  constructor(options: Options) {
    this.#options = options;
    this.#lines = new ConsoleLines(options);
  }

  /** Removes records of devices that nobody knows any more. */
  async open(): Promise<void> {
    const { folder, isKnown } = this.#options;
    const names = await readdir(folder).catch(() => []);
    const lost = names.filter((name) => !isKnown(name.match(/../g)?.join(':') ?? ''));
    for (const name of lost) await rm(join(folder, name), { recursive: true, force: true });
  }

  /** The device's console, also while it has said nothing yet. */
  of(mac: string): DeviceConsole {
    const known = this.#consoles.get(mac);
    if (known !== undefined) return known;
    const { limits, clock, onProblem } = this.#options;
    const recording = Recording.open(this.#folderOf(mac), limits);
    // Whoever needs it says so again.
    recording.catch(onProblem);
    const opened = new DeviceConsole({
      recording,
      ...{ clock, onProblem },
      onSaid: (entry) => this.#log(mac, entry),
    });
    this.#consoles.set(mac, opened);
    return opened;
  }

  /** Something was said by a device that is known. Resolves when it is recorded. */
  async hear(mac: string, source: Source, bytes: Uint8Array): Promise<void> {
    if (this.#options.isKnown(mac)) await this.of(mac).hear(source, bytes);
  }

  /** Keys for the device go there from now on. */
  setInput(mac: string, source: Source, input: Input | undefined): void {
    this.of(mac).setInput(source, input);
  }

  /** @throws {RequestError} where too many look already */
  visit(mac: string, visit: Visit): OpenVisit {
    const left = new AbortController();
    const gone = AbortSignal.any([visit.signal, left.signal]);
    const giveBack = this.#options.places.take(visit, gone);
    const device = this.of(mac);
    const viewer = { id: randomUUID(), user: visit.user };
    const seat = { viewer, left, giveBack, console: device };
    this.#seats.set(viewer.id, seat);
    const { wish } = visit;
    const isWriter = wish !== 'watch' && device.sit(viewer, { takes: wish === 'take' });
    const { writer } = device;
    // Also of a visitor who goes before the first piece is read.
    gone.addEventListener('abort', () => this.#end(seat), { once: true });
    const shown = this.#shown(seat, { ...visit, signal: gone });
    return { id: viewer.id, isWriter, writer: writer?.user, shown };
  }

  /** @throws {RequestError} where there is no such visit of the user, or it may not type */
  async type(id: string, user: string, bytes: Uint8Array): Promise<void> {
    const { console: device, viewer } = this.#seatOf(id, user);
    await device.type(viewer, bytes);
  }

  /** The visitor types from now on, instead of whoever does. @throws {RequestError} where there is no such visit of the user */
  take(id: string, user: string): void {
    const { console: device, viewer } = this.#seatOf(id, user);
    device.sit(viewer, { takes: true });
  }

  /** Ends a visit. @throws {RequestError} where there is none of the user */
  leave(id: string, user: string): void {
    this.#seatOf(id, user).left.abort();
  }

  /** The device is forgotten, and what it said too. */
  async forget(mac: string): Promise<void> {
    await this.#consoles.get(mac)?.idle();
    this.#consoles.delete(mac);
    this.#lines.forget(mac);
    await rm(this.#folderOf(mac), { recursive: true, force: true });
  }

  /** Resolves when all that was heard is on disk. */
  async close(): Promise<void> {
    for (const { left } of this.#seats.values()) left.abort();
    await Promise.all([...this.#consoles.values()].map((one) => one.idle()));
    await this.#lines.idle();
  }

  async *#shown(seat: Seat, { after, history, follows, signal }: Visit): AsyncGenerator<Shown[]> {
    const { viewer, console: device } = seat;
    try {
      const first = after === undefined ? await device.placeOfLast(history) : undefined;
      let { skip } = first ?? { skip: 0 };
      const from = after ?? first?.from ?? 0;
      for await (const shown of device.show(viewer, { from, follows, signal })) {
        yield shown.map((one) => {
          if (one.kind !== 'said' || skip === 0) return one;
          const bytes = one.entry.bytes.subarray(skip);
          skip = 0;
          return { ...one, entry: { ...one.entry, bytes } };
        });
      }
    } finally {
      this.#end(seat);
    }
  }

  #end({ viewer, giveBack, console: device }: Seat): void {
    giveBack();
    device.leave(viewer);
    this.#seats.delete(viewer.id);
  }

  #seatOf(id: string, user: string): Seat {
    const seat = this.#seats.get(id);
    if (seat !== undefined && seat.viewer.user === user) return seat;
    throw new RequestError(404, 'You look at no such console: it has been left');
  }

  #log(mac: string, { source, bytes }: Entry): void {
    if (!LOGGED_ELSEWHERE.includes(source)) this.#lines.take(mac, source, bytes);
  }

  #folderOf(mac: string): string {
    return join(this.#options.folder, mac.replaceAll(':', ''));
  }
}
