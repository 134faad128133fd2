// The thread that writes to the database. A disk takes milliseconds to have something for good; meanwhile the server
// answers other machines.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { batchWriter, type Failures, type Writer } from './batch-writer.ts';

type Answer = Pick<PromiseWithResolvers<Failures>, 'resolve' | 'reject'>;

/** @param settings of its connection, in SQL */
export function threadWriter(file: string, settings: string): Writer {
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
    const started = new Worker(program, { eval: true, workerData: { file, settings } });
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

/** As text and not as a file, so that a program that was bundled to one file has its thread in it. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(workerData.file);
database.exec(workerData.settings);
const write = (${batchWriter})(database);
parentPort.on('message', (batch) => {
  if (batch !== 'close') return parentPort.postMessage(write(batch));
  database.close();
  parentPort.close();
});
`;
