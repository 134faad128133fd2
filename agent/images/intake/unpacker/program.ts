// The program that unpacks images, apart from the server: it has the work of hours on the processor and reads what strangers
// made. It does as it is told by messages, one image in its life, and ends with the server.
import { setPriority } from 'node:os';
import { ImageError, messageOf, WaltError } from '../../../errors.ts';
import { inDiskWords } from '../../content/folders/disk-space.ts';
import { eachEntry } from '../../content/layers/layer-files.ts';
import { type LayerCounts, LayerRules } from '../../content/layers/layer-rules.ts';
import { readLayer } from '../../content/layers/read-layer.ts';
import { writeArchives } from '../../content/layers/write-archives.ts';
import { makeRoot } from '../../content/roots/make-root.ts';
import type { PartPlace } from '../../content/source.ts';
import { openPart } from '../../sources/copy/open-part.ts';
import { inWords, isPassing } from '../../sources/copy/passing.ts';
import type { Answer, Job, Request, Result } from './messages.ts';

/** Boards that ask for an address go first. */
const NICE = 10;
const REPORT_MS = 200;

const counts: LayerCounts = { files: 0, bytes: 0 };
let arrived = 0;
let reported = 0;

async function perform(job: Job): Promise<Result[Job['kind']]> {
  if (job.kind === 'make-root') return await makeRoot(job.wanted);
  if (job.kind === 'write-archives') return await writeArchives(job.archives);
  const rules = new LayerRules(job.limits, counts);
  if (job.kind === 'count') return await count(job.folder, rules);
  const { wanted } = job;
  try {
    await readLayer(watched(job.place, job.stallMs), { wanted, rules });
  } catch (thrown) {
    rules.forget();
    throw inWords(thrown);
  }
  return undefined;
}

/** @returns whether the layer can be read: where the disk has spoilt it, nothing of it counts */
async function count(folder: string, rules: LayerRules): Promise<boolean> {
  const here: LayerCounts = { files: 0, bytes: 0 };
  try {
    await eachEntry(folder, ({ size }) => {
      here.files += 1;
      here.bytes += size;
    });
  } catch {
    return false;
  }
  rules.count(here);
  return true;
}

/** Gives up where nothing comes for long. */
async function* watched(place: PartPlace, stallMs: number): AsyncGenerator<Buffer> {
  const stalled = new AbortController();
  const stall = setTimeout(() => stalled.abort(), stallMs);
  try {
    for await (const { buffer, byteOffset, length } of await openPart(place, stalled.signal)) {
      stall.refresh();
      arrived += length;
      yield Buffer.from(buffer, byteOffset, length);
    }
  } catch (thrown) {
    if (!stalled.signal.aborted) throw thrown;
    throw new WaltError(`nothing came for ${stallMs / 1000} seconds`, { cause: thrown });
  } finally {
    clearTimeout(stall);
  }
}

function answer(text: Answer): void {
  process.send?.(text);
}

process.on('message', ({ id, job }: Request) => {
  perform(job).then(
    (result) => answer({ kind: 'done', id, result }),
    (thrown: unknown) => {
      const isRefused = thrown instanceof ImageError;
      answer({
        ...{ kind: 'failed', id, message: messageOf(inDiskWords(thrown)), isRefused },
        isPassing: isPassing(thrown),
      });
    },
  );
});
process.once('disconnect', () => process.exit());
process.umask(0o077);
beNice();
setInterval(() => {
  if (arrived === reported) return;
  reported = arrived;
  answer({ kind: 'arrived', bytes: arrived });
}, REPORT_MS).unref();

/** A unit may forbid it (`SystemCallFilter=`): then boots and this share the processors. */
function beNice(): void {
  try {
    setPriority(NICE);
  } catch (reason) {
    if (!(reason instanceof Error && 'code' in reason && reason.code === 'ERR_SYSTEM_ERROR'))
      throw reason;
  }
}
