// The program of the writer's thread (`writer-thread.ts`): it takes batches, writes them, and says what failed.
import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { batchWriter } from './batch-writer.ts';
import { BatchUnpacker, type PackedBatch } from './packed-batch.ts';

/** Levels of priority below the thread that answers machines: where both want the same processor, that one goes first. */
const BEHIND = 5;
const LOWEST = 19;

/** The shortest that Linux sleeps is a little more (timer slack of 50 µs). */
const REST_MS = 0.05;
const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(4));

goBehind();
const { file, settings } = workerData as { readonly file: string; readonly settings: string };
const database = new DatabaseSync(file);
database.exec(settings);
const write = batchWriter(database, rest);
const unpacker = new BatchUnpacker();
parentPort?.on('message', (batch: PackedBatch | 'ping' | 'close') => {
  if (batch === 'ping') return parentPort?.postMessage('pong');
  if (batch !== 'close') return parentPort?.postMessage(write(unpacker.unpack(batch)));
  database.close();
  return parentPort?.close();
});

/**
 * Gives the processor away. Linux lets a thread go on until the next tick of its clock (4 ms with 250 ticks a second), whoever
 * wakes meanwhile: where both have one processor, the thread that answers machines would wait that long.
 */
function rest(): void {
  Atomics.wait(NOBODY_WAKES, 0, 0, REST_MS);
}

/** Each thread has a priority of its own in Linux (setpriority(2)), by a number that Node tells nobody (proc(5)). */
function goBehind(): void {
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(LOWEST, getPriority(thread) + BEHIND));
  } catch {
    // It writes all the same.
  }
}
