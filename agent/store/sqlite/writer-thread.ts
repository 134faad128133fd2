// The thread that writes to the database. A disk takes milliseconds to have something for good; meanwhile the server
// answers other machines.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WaltError } from '../../errors.ts';
import type { Failures, Writer } from './batch-writer.ts';

type Answer = Pick<PromiseWithResolvers<Failures>, 'resolve' | 'reject'>;

/** Beside the sources, or beside the server where it was bundled to one file (`scripts/bundle.ts`). */
const PROGRAMS = ['writer-program.ts', 'walt-server-writer.mjs'];

function programFile(): string {
  const files = PROGRAMS.map((name) => join(import.meta.dirname, name));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new WaltError(`Cannot write to the database: there is none of ${files.join(', ')}`);
}

/**
 * @param file of the database
 * @param settings of its connection, in SQL
 * @throws {WaltError} if the program of the thread is not there
 */
export function threadWriter(file: string, settings: string): Writer {
  const program = programFile();
  let thread: Worker | undefined;
  let waiting: Answer | undefined;

  const end = (ended: Worker, reason: string) => {
    if (thread !== ended) return;
    thread = undefined;
    waiting?.reject(new Error(`Cannot write to ${file}: ${reason}`));
    waiting = undefined;
  };

  /** With the first batch, and again should it have ended. It keeps no program alive that has nothing to write. */
  const start = (): Worker => {
    const started = new Worker(program, { workerData: { file, settings } });
    started.on('message', (failures: Failures) => {
      started.unref();
      waiting?.resolve(failures);
      waiting = undefined;
    });
    started.on('error', ({ message }) => end(started, message));
    started.on('exit', (code) => end(started, `its thread ended with ${code}`));
    return started;
  };

  return {
    write: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<Failures>();
      waiting = { resolve, reject };
      thread ??= start();
      thread.ref();
      thread.postMessage(batch);
      return promise;
    },
    close: async () => {
      if (thread === undefined) return;
      const ended = once(thread, 'exit');
      thread.ref();
      thread.postMessage('close');
      await ended;
    },
  };
}
