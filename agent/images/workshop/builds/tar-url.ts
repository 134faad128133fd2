// Fetches what a Dockerfile is built in as a tar archive, or the Dockerfile alone.
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WaltError } from '../../../errors.ts';
import { runProgram } from '../../../host/processes/program.ts';
import { freeBytes } from '../../content/folders/disk-space.ts';
import { complaintOf } from '../../sources/complaint.ts';

type Options = { readonly url: string; readonly work: string; readonly signal?: AbortSignal };

const FROM = /^\s*FROM\s/im;
/** Bytes of a file in which a Dockerfile has said where it starts from. */
const BEGINNING = 65_536;

/**
 * Makes the new folder `root` with what the archive has, which may be compressed.
 * @throws {WaltError | TypeError} if it is not to be had, too large, or neither an archive nor a Dockerfile
 */
export async function fetchTar(root: string, options: Options): Promise<void> {
  const file = join(options.work, 'fetched');
  await download(file, options);
  await mkdir(root);
  try {
    await runProgram('tar', ['-xf', file, '-C', root, '--no-same-owner'], { diesWithUs: true });
  } catch (cause) {
    if (!FROM.test(await beginning(file))) {
      const message = `it is neither a Dockerfile nor a tar archive: ${complaintOf(cause)}`;
      throw new WaltError(message, { cause });
    }
    await rename(file, join(root, 'Dockerfile'));
  }
}

async function download(file: string, { url, work, signal }: Options): Promise<void> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  const { ok, status, body } = response;
  if (!ok || body === null) throw new WaltError(`it was not found there (HTTP status ${status})`);
  const room = await freeBytes(work);
  await pipeline(
    body,
    async function* (parts: AsyncIterable<Uint8Array>) {
      let bytes = 0;
      for await (const part of parts) {
        bytes += part.length;
        if (bytes > room) throw new WaltError('it is larger than what is free on the disk');
        yield part;
      }
    },
    createWriteStream(file),
  );
}

async function beginning(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
