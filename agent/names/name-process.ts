// The program that answers questions for names, whoever runs it.
import type { WaltError } from '../errors.ts';
import type { Served } from './dnsmasq-command.ts';

/** One process at a time. */
export interface NameProcess {
  readonly isRunning: boolean;
  /**
   * Starts it; whether it serves, only a question can tell.
   * @throws {WaltError} if it cannot be run at all
   */
  start(): Promise<void>;
  /** Resolves when the process that runs now has ended; at once where none does. */
  ended(): Promise<unknown>;
  /** Why it ended. */
  reason(): WaltError;
  /** It reads its files again, and forgets what it had learned of others. */
  reload(): void;
  /** @param signal the first one; what does not end by it within 3 s is killed */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Where it serves what, and the folder for the record of its process. */
export type NamePlace = { readonly served: Served; readonly folder: string };
