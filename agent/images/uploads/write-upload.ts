// Writes what a caller sends: a file as it is, or the one file or folder of a tar.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskWords, RequestError } from '../../errors.ts';
import { wordsToDieWithUs } from '../../host/processes/less-rights.ts';
import { sizeText } from '../../host/text/size-text.ts';
import { freeBytes } from '../content/folders/disk-space.ts';

/** What is sent. */
export type Upload = {
  readonly form: 'file' | 'tar';
  /** of the file, or of what the tar holds */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** aborts when the caller has gone */
  readonly signal: AbortSignal;
  /** bytes that it may have; half of what the disk has left is for others then */
  readonly most?: number;
};

const LONGEST_COMPLAINT = 1000;

/**
 * @param folder is there and empty
 * @returns path of the file or folder
 * @throws {RequestError} if it did not come whole, does not fit, or is not what it should be
 */
export async function writeUpload(folder: string, upload: Upload): Promise<string> {
  const { form, name, bytes, signal } = upload;
  const path = join(folder, name);
  const free = await freeBytes(folder);
  const most = upload.most === undefined ? undefined : Math.min(upload.most, free / 2);
  const fitting = bounded(bytes, { free, most });
  try {
    if (form === 'tar') await unpack(folder, fitting, signal);
    else await pipeline(fitting, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  } catch (thrown) {
    throw inWords(thrown);
  }
  const there = await readdir(folder);
  if (there.length === 1 && there[0] === name) return path;
  throw new RequestError(
    400,
    `Cannot take the upload: expected a tar of '${name}' and nothing else`,
  );
}

async function* bounded(
  bytes: AsyncIterable<Uint8Array>,
  { free, most = free }: { readonly free: number; readonly most?: number | undefined },
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const part of bytes) {
    total += part.length;
    if (total > free) throw diskFull();
    if (total > most) throw tooLarge(most);
    yield part;
  }
}

/** tar(1) of GNU keeps what it unpacks inside: it makes links that lead out only when all else is written, and takes no `..`. */
async function unpack(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const args = ['--extract', '--file', '-', '--directory', folder, '--no-same-owner'];
  const [program = '', ...words] = [
    ...wordsToDieWithUs(),
    ...['tar', ...args, '--preserve-permissions'],
  ];
  const tar = spawn(program, words, { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let complaint = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, LONGEST_COMPLAINT);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject).once('close', resolve);
  });
  let isWhole = false;
  const counted = (async function* () {
    yield* bytes;
    isWhole = true;
  })();
  const sent = pipeline(counted, tar.stdin).catch((reason: unknown) => reason);
  const [status, reason] = await Promise.all([ended, sent]);
  const failure = unpackFailure({ status, reason, isWhole, complaint });
  if (failure !== undefined) throw failure;
}

/** How tar(1) ended, and what came of sending to it. */
type Unpacked = {
  readonly status: number | null;
  /** why not all was sent; undefined where it was */
  readonly reason: unknown;
  /** the last byte came from the caller */
  readonly isWhole: boolean;
  /** of tar(1) */
  readonly complaint: string;
};

/** What Node.js says of a pipe that a program has left; also of one that it read to its end and left at once. */
const LEFT: readonly unknown[] = ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** @returns why it is not all there; undefined where it is */
export function unpackFailure({ status, reason, isWhole, complaint }: Unpacked): unknown {
  // What came until it broke off is no whole archive, also where tar(1) is content with it.
  const isLeft = LEFT.includes((reason as NodeJS.ErrnoException | undefined)?.code);
  if (status === 0 && (reason === undefined || (isLeft && isWhole))) return undefined;
  // Of a pipe that tar(1) left, tar(1) says why.
  if (reason !== undefined && !isLeft) return reason;
  if (complaint === '') return reason ?? new Error('tar(1) was ended');
  if (/No space left/.test(complaint)) return diskFull();
  return new RequestError(400, `Cannot take the upload: ${complaint.trim().split('\n')[0]}`);
}

function inWords(thrown: unknown): unknown {
  if (thrown instanceof RequestError) return thrown;
  const words = diskWords(thrown);
  if (words?.includes('full') === true) return diskFull();
  if (words !== undefined) return thrown;
  return new RequestError(400, 'Cannot take the upload: it broke off', { cause: thrown });
}

function tooLarge(most: number): RequestError {
  const bound = `${sizeText(most)}, the most that a user may send now`;
  return new RequestError(
    413,
    `Cannot take the upload: it has more than ${bound} (images.maxGigabytes, or half of what the disk has left). An administrator may send it.`,
  );
}

function diskFull(): RequestError {
  const remedy = 'walt image gc frees what no image needs';
  return new RequestError(
    507,
    `Cannot take the upload: the disk of the server is full. ${remedy}.`,
    {
      code: 'disk-full',
    },
  );
}
