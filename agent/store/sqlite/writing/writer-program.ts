// The program of the writer's thread (`writer-thread.ts`): it takes batches, writes them, and says what failed.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { batchWriter } from './batch-writer.ts';
import { BatchUnpacker, type PackedBatch } from './packed-batch.ts';

const { file, settings } = workerData as { readonly file: string; readonly settings: string };
const database = new DatabaseSync(file);
database.exec(settings);
const write = batchWriter(database);
const unpacker = new BatchUnpacker();
parentPort?.on('message', (batch: PackedBatch | 'ping' | 'close') => {
  if (batch === 'ping') return parentPort?.postMessage('pong');
  if (batch !== 'close') return parentPort?.postMessage(write(unpacker.unpack(batch)));
  database.close();
  return parentPort?.close();
});
