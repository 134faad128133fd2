// The thread that writes to the database. A disk takes milliseconds to have something for good; meanwhile the server
// answers other machines.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WaltError } from '../../../errors.ts';
import { Silence } from '../../../host/clock/silence.ts';
import type { Failures, Writer } from './batch-writer.ts';
import { BatchPacker } from './packed-batch.ts';

/** How a thread is watched. */
export type Watching = {
  readonly onProblem?: (message: string) => void;
  readonly askMs?: number;
};

type Answer = Pick<PromiseWithResolvers<Failures>, 'resolve' | 'reject'>;

/** A thread is asked so often whether it answers: between two batches it does so at once, and a slow disk takes seconds. */
const ASK_MS = 10_000;

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
 * @param watching what is told, in words, of a thread that hangs, and how often it is asked
 * @throws {WaltError} if the program of the thread is not there
 */
export function threadWriter(
  file: string,
  settings: string,
  { onProblem = () => undefined, askMs = ASK_MS }: Watching = {},
): Writer {
  const program = programFile();
  let thread: { readonly worker: Worker; readonly packer: BatchPacker } | undefined;
  let waiting: Answer | undefined;

  const end = (ended: Worker, reason: string) => {
    if (thread?.worker !== ended) return;
    thread = undefined;
    waiting?.reject(new Error(`Cannot write to ${file}: ${reason}`));
    waiting = undefined;
  };

  /** With the first batch, and again should it have ended. It keeps no program alive that has nothing to write. */
  const start = () => {
    const started = new Worker(program, { workerData: { file, settings } });
    const stopAsking = ask(started, askMs, () => {
      onProblem(`The thread that writes to ${file} hangs: ending it`);
      // Its successor starts when it has ended: two writers would write in the wrong order.
      void started.terminate();
    });
    started.on('message', (failures: Failures | 'pong') => {
      if (failures === 'pong') return;
      started.unref();
      waiting?.resolve(failures);
      waiting = undefined;
    });
    started.on('error', ({ message }) => end(started, message));
    started.on('exit', (code) => {
      stopAsking();
      end(started, `its thread ended with ${code}`);
    });
    return { worker: started, packer: new BatchPacker() };
  };

  return {
    write: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<Failures>();
      waiting = { resolve, reject };
      thread ??= start();
      const { worker, packer } = thread;
      worker.ref();
      try {
        worker.postMessage(packer.pack(batch));
      } catch (reason) {
        // It never heard of texts that the packer takes for known.
        void worker.terminate();
        reject(reason);
      }
      return promise;
    },
    close: async () => {
      if (thread === undefined) return;
      const ended = once(thread.worker, 'exit');
      thread.worker.ref();
      thread.worker.postMessage('close');
      await ended;
    },
  };
}

/** Asks the thread until it has left three questions without an answer, or its end. Returns what ends the asking. */
function ask(thread: Worker, ms: number, onHung: () => void): () => void {
  const silence = new Silence();
  let hasAnswered = true;
  const timer = setInterval(() => {
    // Behind the turn of the event loop: an answer that lies there has been read by then.
    setImmediate(() => {
      if (hasAnswered) silence.answered();
      else if (silence.silent()) {
        clearInterval(timer);
        return onHung();
      }
      hasAnswered = false;
      silence.begin();
      return thread.postMessage('ping');
    });
  }, ms);
  timer.unref();
  thread.on('message', () => {
    hasAnswered = true;
    // While it waits it looks at this process fifty times a second.
    silence.answered();
  });
  return () => clearInterval(timer);
}
