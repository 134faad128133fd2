// Takes one layer in: reads it once, judges each entry, and writes it.
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ImageError, messageOf, WaltError } from '../../../errors.ts';
import { DataWriter } from './data-writer.ts';
import { FrameWriter } from './frame-writer.ts';
import { DATA_BLOCK, type LayerEntry } from './layer-entry.ts';
import { type LayerIndex, layerFiles, writeIndex } from './layer-files.ts';
import type { LayerRules } from './layer-rules.ts';
import { ByteSource } from './tar/byte-source.ts';
import type { Piece } from './tar/sparse.ts';
import type { TarEntry } from './tar/tar-entry.ts';
import { TarError } from './tar/tar-error.ts';
import { readTar, type TarSink } from './tar/tar-reader.ts';
import { uncompressed } from './uncompressed.ts';

/** A layer that is to be taken in. */
export type LayerWanted = {
  /** of the layer as it is sent, `sha256:…` or `sha512:…` */
  readonly digest: string;
  /** of the uncompressed archive, as the image's configuration says, `sha256:…` */
  readonly diffId: string;
  /** an empty folder, for the layer alone */
  readonly folder: string;
};

/**
 * @param sent the layer as it is sent, compressed or not
 * @throws {ImageError} that says what an image must not have, or that the layer is not what its digest says
 * @throws {WaltError} if it cannot be read or written
 */
export async function readLayer(
  sent: AsyncIterable<Buffer>,
  { wanted, rules }: { readonly wanted: LayerWanted; readonly rules: LayerRules },
): Promise<LayerIndex> {
  const [algorithm = ''] = wanted.digest.split(':');
  const [sentHash, archiveHash] = [createHash(algorithm), createHash('sha256')];
  try {
    const archive = uncompressed(hashed(sent, sentHash));
    const seen = watched(archive, { hash: archiveHash, rules });
    const index = await writeLayer(seen.bytes, { wanted, rules, seen });
    checkDigest(sentHash, wanted.digest);
    const diffId = `sha256:${archiveHash.digest('hex')}`;
    if (diffId !== wanted.diffId) {
      throw new ImageError('it is not what the configuration of the image says (diff_ids)');
    }
    await writeIndex(wanted.folder, index);
    return index;
  } catch (thrown) {
    if (thrown instanceof TarError) throw new ImageError(messageOf(thrown), [], { cause: thrown });
    throw thrown;
  }
}

async function* hashed(sent: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of sent) {
    hash.update(piece);
    yield piece;
  }
}

type Watched = { readonly bytes: AsyncIterable<Buffer>; readonly length: () => number };

function watched(
  archive: AsyncIterable<Buffer>,
  { hash, rules }: { readonly hash: Hash; readonly rules: LayerRules },
): Watched {
  let length = 0;
  const bytes = async function* () {
    for await (const piece of archive) {
      rules.seeBytes(piece.length);
      hash.update(piece);
      length += piece.length;
      yield piece;
    }
  };
  return { bytes: bytes(), length: () => length };
}

type Writing = {
  readonly wanted: LayerWanted;
  readonly rules: LayerRules;
  readonly seen: Watched;
};

async function writeLayer(
  archive: AsyncIterable<Buffer>,
  { wanted, rules, seen }: Writing,
): Promise<LayerIndex> {
  const files = layerFiles(wanted.folder);
  const file = await open(files.data, 'wx', 0o600);
  const frame = new FrameWriter(files.frame);
  try {
    const data = new DataWriter(file);
    const sink = new LayerSink({ data, frame, rules });
    await readTar(new ByteSource(archive), sink);
    const dataBytes = sink.dataBytes();
    await Promise.all([data.end(dataBytes), frame.end()]);
    const { entries } = sink;
    const { diffId } = wanted;
    return { diffId, archiveBytes: seen.length(), dataBytes, entries, segments: frame.segments };
  } finally {
    frame.close();
    await file.close();
  }
}

function checkDigest(hash: Hash, digest: string): void {
  if (digest.endsWith(`:${hash.digest('hex')}`)) return;
  throw new WaltError('it arrived damaged (its digest is another one)');
}

class LayerSink implements TarSink {
  readonly entries: LayerEntry[] = [];
  readonly #data: DataWriter;
  readonly #frame: FrameWriter;
  readonly #rules: LayerRules;
  #end = 0;

  constructor(parts: {
    readonly data: DataWriter;
    readonly frame: FrameWriter;
    readonly rules: LayerRules;
  }) {
    this.#data = parts.data;
    this.#frame = parts.frame;
    this.#rules = parts.rules;
  }

  dataBytes(): number {
    return blocks(this.#end);
  }

  keep = (bytes: Buffer) => this.#frame.keep(bytes);

  enter = (entry: TarEntry): void => {
    const offset = entry.size === 0 ? 0 : blocks(this.#end);
    this.entries.push({ ...this.#rules.see(entry), offset });
    if (entry.size > 0) this.#end = offset + entry.size;
  };

  content = async (source: ByteSource, piece: Piece): Promise<void> => {
    const at = (this.entries.at(-1)?.offset ?? 0) + piece.offset;
    this.#frame.skip(at, piece.length);
    await this.#data.take(source, { at, length: piece.length });
  };
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / DATA_BLOCK) * DATA_BLOCK;
}
