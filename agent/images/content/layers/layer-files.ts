// A layer as it is kept: a folder with the content of its files (`data`), what they are called (`entries`), and the rest
// of its archive (`frame`), from which the archive is made again byte for byte.
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { LayerEntry } from './layer-entry.ts';

/** What of the archive follows each other: so many bytes of the frame, then a piece of the data. */
export type Segment = readonly [frameBytes: number, dataOffset: number, dataBytes: number];

/** All of a layer but its bytes. */
export type LayerIndex = {
  /** digest of the uncompressed archive, `sha256:…` */
  readonly diffId: string;
  /** bytes of the uncompressed archive */
  readonly archiveBytes: number;
  /** bytes of the data, a multiple of DATA_BLOCK */
  readonly dataBytes: number;
  /** in the order of the archive */
  readonly entries: readonly LayerEntry[];
  readonly segments: readonly Segment[];
};

/** Paths of the files in a layer's folder. */
export function layerFiles(folder: string) {
  return {
    data: join(folder, 'data'),
    frame: join(folder, 'frame.zst'),
    index: join(folder, 'index.json.zst'),
  };
}

/** What one line of the index has: some of it, so that it is never whole in memory as text. */
type Part = Partial<LayerIndex>;

/** Of a layer, what it has only one of. */
export type LayerSizes = Omit<LayerIndex, 'entries' | 'segments'>;

const PER_LINE = 1000;
const NEWLINE = 0x0a;

/** @param folder of the layer */
export async function writeIndex(folder: string, index: LayerIndex): Promise<void> {
  const file = createWriteStream(layerFiles(folder).index, { flush: true });
  await pipeline(Readable.from(linesOf(index)), createZstdCompress(), file);
}

function* linesOf({ entries, segments, ...rest }: LayerIndex): Generator<string> {
  yield line(rest);
  for (let at = 0; at < entries.length; at += PER_LINE) {
    yield line({ entries: entries.slice(at, at + PER_LINE) });
  }
  for (let at = 0; at < segments.length; at += PER_LINE) {
    yield line({ segments: segments.slice(at, at + PER_LINE) });
  }
}

function line(part: Part): string {
  return `${JSON.stringify(part)}\n`;
}

/** @throws {Error} of node:fs if it is not there */
export async function readIndex(folder: string): Promise<LayerIndex> {
  const [entries, segments]: [LayerEntry[], Segment[]] = [[], []];
  const rest = await eachPart(folder, (part) => {
    entries.push(...(part.entries ?? []));
    segments.push(...(part.segments ?? []));
  });
  return { ...rest, entries, segments };
}

/** Gives the entries one by one, and keeps none. @throws {Error} of node:fs if the index is not there; whatever `take` throws */
export async function eachEntry(
  folder: string,
  take: (entry: LayerEntry) => void,
): Promise<LayerSizes> {
  return await eachPart(folder, ({ entries = [] }) => {
    for (const entry of entries) take(entry);
  });
}

/** @returns what the first line says */
async function eachPart(folder: string, take: (part: Part) => void): Promise<LayerSizes> {
  let first: Part | undefined;
  await pipeline(
    createReadStream(layerFiles(folder).index),
    createZstdDecompress(),
    async (text: AsyncIterable<Buffer>) => {
      for await (const bytes of splitLines(text)) {
        const part = JSON.parse(bytes.toString()) as Part;
        first ??= part;
        take(part);
      }
    },
  );
  return first as LayerSizes;
}

async function* splitLines(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const bytes of text) {
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      yield Buffer.concat([...begun, bytes.subarray(at, end)]);
      begun = [];
      at = end + 1;
    }
    if (at < bytes.length) begun.push(bytes.subarray(at));
  }
}
