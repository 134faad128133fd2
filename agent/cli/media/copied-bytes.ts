// The bytes of a medium on their way to where a person wants them.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { MediumView } from '../../api/calls/media.ts';
import { messageOf } from '../../errors.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { stepText } from '../terminal/follow-image.ts';

const CHUNK_BYTES = 1 << 20;
/** Percent between two lines where there is no terminal. */
const STEP = 5;

/**
 * The file as the server said that it is, in chunks.
 * @throws {CommandError} at its end, if its checksum is another one; or if it cannot be read
 */
export async function* bytesOf(
  { path, name, sha256 }: Pick<MediumView, 'path' | 'name' | 'sha256'>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new CommandError(`Cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  if (hash.digest('hex') !== sha256) throw changed(name);
}

/** @throws {CommandError} as `bytesOf`, and if the file is no whole archive of gzip */
export async function* unpackedBytesOf(
  medium: Pick<MediumView, 'path' | 'name' | 'sha256'>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const packed = bytesOf(medium, signal);
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const feeding = feed(packed, gunzip);
  try {
    yield* gunzip;
    await feeding;
  } catch (cause) {
    if (signal.aborted || cause instanceof CommandError) throw cause;
    throw new CommandError(`Cannot unpack ${medium.path}: ${messageOf(cause)}`, { cause });
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
}

/** What reading the file throws is thrown by who reads what is unpacked. */
async function feed(
  packed: AsyncIterable<Uint8Array>,
  gunzip: ReturnType<typeof createGunzip>,
): Promise<void> {
  try {
    for await (const chunk of packed) {
      if (gunzip.destroyed) return;
      await new Promise<void>((resolve) => {
        gunzip.once('close', resolve);
        gunzip.write(chunk, () => {
          gunzip.off('close', resolve);
          resolve();
        });
      });
    }
    gunzip.end();
  } catch (reason) {
    gunzip.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }
}

/** How large what is unpacked is, and its checksum. Reads all of it. @throws {CommandError} as `unpackedBytesOf` */
export async function measured(
  medium: Pick<MediumView, 'path' | 'name' | 'sha256'>,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash: Hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of unpackedBytesOf(medium, signal)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, hash: hash.digest('hex') };
}

/** Shows how far work has come, whenever so much more is done. @param bytes of all of it */
export function progressOf(
  what: string,
  bytes: number,
  { live }: Pick<Io, 'live'>,
): (done: number) => void {
  let shown = -1;
  return (done) => {
    const percent = bytes === 0 ? 100 : Math.floor((done / bytes) * 100);
    if (percent < shown + STEP && percent < 100) return;
    if (percent === shown) return;
    shown = percent;
    live.show(stepText(`${what}: ${percent} %`));
  };
}

function changed(name: string): CommandError {
  return new CommandError(
    `Medium ${name} is not what the server said: it was changed while it was read, or the disk is broken. Try again.`,
  );
}
