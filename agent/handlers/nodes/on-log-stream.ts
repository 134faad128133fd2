// A device sends lines of an experiment: whose they are, in which stream, and when each was said.
import type { Registry } from '../../devices/registry.ts';
import type { Clock } from '../../host/clock/clock.ts';
import { timedLine } from '../../protocol/logs/line-time.ts';
import {
  type CountedHead,
  isNodeStream,
  type StreamHead,
} from '../../protocol/logs/stream-head.ts';
import { CountedLines, type SentLines, type SentSource } from './counted-lines.ts';

/** A line of a device, before it has its number. */
export type DeviceLine = {
  readonly at: number;
  readonly issuer: string;
  readonly stream: string;
  readonly line: string;
};

/** One stream of a device that is heard. */
export type LogLink = {
  readonly kind: 'taken';
  /**
   * Resolves when the lines are on disk.
   * @returns where they have numbers, how many of their sender are on disk
   */
  readonly take: (lines: readonly string[]) => Promise<number | undefined>;
};

/** Why a stream is not heard: nobody knows the address, or no device may call a stream so. */
export type LogRefusal = { readonly kind: 'stranger' | 'name' };

type Parts = {
  readonly registry: Pick<Registry, 'byIp'>;
  readonly clock: Clock;
  /** how many lines of a sender are on disk */
  readonly countOf: (source: SentSource) => Promise<number>;
  readonly write: (lines: readonly DeviceLine[], sent?: SentLines) => Promise<void>;
};

/** Streams of the devices that the registry knows. */
export class LogStreams {
  readonly #parts: Parts;
  readonly #counted: CountedLines;

  /** @param parts.write resolves when the lines are on disk, with the count of their sender */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#counted = new CountedLines(parts);
  }

  /** A stream begins. Whatever becomes of the device meanwhile, its lines have the name that it has when they come. */
  open(address: string, head: StreamHead): LogLink | LogRefusal {
    const { registry } = this.#parts;
    const known = registry.byIp(address);
    if (known === undefined) return { kind: 'stranger' };
    // What the server boots for itself says nothing that is for people.
    if (known.isTrial) return { kind: 'taken', take: async () => undefined };
    if (!isNodeStream(head.stream)) return { kind: 'name' };
    const { counted } = head;
    if (counted !== undefined) {
      return { kind: 'taken', take: this.#numbered(address, { ...head, counted }) };
    }
    const take = async (lines: readonly string[]) => {
      const { registry, write } = this.#parts;
      const device = registry.byIp(address);
      // It was forgotten while it spoke.
      if (device !== undefined) await write(this.#linesOf(device.name, head, lines));
      return undefined;
    };
    return { kind: 'taken', take };
  }

  #numbered(address: string, head: StreamHead & { readonly counted: CountedHead }) {
    const { registry, write } = this.#parts;
    let { first } = head.counted;
    return async (lines: readonly string[]) => {
      const device = registry.byIp(address);
      if (device === undefined) return undefined;
      const piece = { mac: device.mac, sender: head.counted.sender, first, lines };
      first += lines.length;
      return await this.#counted.take({
        ...piece,
        write: (fresh, sent) => write(this.#linesOf(device.name, head, fresh), sent),
      });
    };
  }

  #linesOf(issuer: string, { stream, hasTimes }: StreamHead, lines: readonly string[]) {
    const now = this.#parts.clock();
    return lines.map((line) => ({
      ...(hasTimes ? timedLine(line, now) : { at: now, line }),
      issuer,
      stream,
    }));
  }
}
