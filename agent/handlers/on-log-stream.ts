// A device sends lines of an experiment: whose they are, in which stream, and when each was said.
import type { Registry } from '../devices/registry.ts';
import type { Clock } from '../host/clock.ts';
import { timedLine } from '../protocol/logs/line-time.ts';
import { isNodeStream, type StreamHead } from '../protocol/logs/stream-head.ts';

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
  /** Resolves when the lines are on disk. */
  readonly take: (lines: readonly string[]) => Promise<void>;
};

/** Why a stream is not heard: nobody knows the address, or no device may call a stream so. */
export type LogRefusal = { readonly kind: 'stranger' | 'name' };

type Parts = {
  readonly registry: Pick<Registry, 'byIp'>;
  readonly clock: Clock;
  readonly write: (lines: readonly DeviceLine[]) => Promise<void>;
};

/** Streams of the devices that the registry knows. */
export class LogStreams {
  readonly #parts: Parts;

  /** @param parts.write resolves when the lines are on disk */
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A stream begins. Whatever becomes of the device meanwhile, its lines have the name that it has when they come. */
  open(address: string, head: StreamHead): LogLink | LogRefusal {
    const { registry } = this.#parts;
    if (registry.byIp(address) === undefined) return { kind: 'stranger' };
    if (!isNodeStream(head.stream)) return { kind: 'name' };
    return { kind: 'taken', take: (lines) => this.#take(address, head, lines) };
  }

  async #take(address: string, head: StreamHead, lines: readonly string[]): Promise<void> {
    const { registry, clock, write } = this.#parts;
    const issuer = registry.byIp(address)?.name;
    // It was forgotten while it spoke.
    if (issuer === undefined) return;
    const { stream, hasTimes } = head;
    const now = clock();
    await write(
      lines.map((line) => ({
        ...(hasTimes ? timedLine(line, now) : { at: now, line }),
        issuer,
        stream,
      })),
    );
  }
}
