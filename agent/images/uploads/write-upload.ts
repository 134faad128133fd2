// Writes what a caller sends: a file as it is, or the one file or folder of a tar.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskWords, RequestError } from '../../errors.ts';
import { freeBytes } from '../content/folders/disk-space.ts';

/** What is sent. */
export type Upload = {
  readonly form: 'file' | 'tar';
  /** of the file, or of what the tar holds */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** aborts when the caller has gone */
  readonly signal: AbortSignal;
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
  const fitting = bounded(bytes, await freeBytes(folder));
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
  room: number,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const part of bytes) {
    total += part.length;
    if (total > room) throw diskFull();
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
  const words = ['--pdeathsig', 'KILL', 'tar', ...args, '--preserve-permissions'];
  const tar = spawn('setpriv', words, { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let complaint = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, LONGEST_COMPLAINT);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject).once('close', resolve);
  });
  const sent = pipeline(bytes, tar.stdin).catch((reason: unknown) => reason);
  // What came until it broke off is no whole archive, also where tar(1) is content with it.
  const [status, reason] = await Promise.all([ended, sent]);
  if (status === 0 && reason === undefined) return;
  // Of a pipe that tar(1) left, tar(1) says why.
  const isLeft = (reason as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
  if ((reason !== undefined && !isLeft) || complaint === '') throw reason;
  if (/No space left/.test(complaint)) throw diskFull();
  throw new RequestError(400, `Cannot take the upload: ${complaint.trim().split('\n')[0]}`);
}

function inWords(thrown: unknown): unknown {
  if (thrown instanceof RequestError) return thrown;
  const words = diskWords(thrown);
  if (words?.includes('full') === true) return diskFull();
  if (words !== undefined) return thrown;
  return new RequestError(400, 'Cannot take the upload: it broke off', { cause: thrown });
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
