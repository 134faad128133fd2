// Writes a medium to a disk, and reads back what the disk has then.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MediumView } from '../../api/calls/media.ts';
import { messageOf } from '../../errors.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { progressOf, unpackedBytesOf } from './copied-bytes.ts';

/** What is written, and where. */
export type DiskWrite = {
  readonly medium: MediumView;
  /** of the disk */
  readonly path: string;
  /** of the medium, unpacked: how much it is, and its SHA-256 */
  readonly bytes: number;
  readonly hash: string;
};

const CHUNK_BYTES = 1 << 20;
/** So much may wait in memory: else all would be "written" at once, and nothing move for minutes. */
const SYNC_BYTES = 8 << 20;

/** @throws {CommandError} if it fails, or is ended: the disk is not usable then, as the message says */
export async function writeDisk(work: DiskWrite, io: Pick<Io, 'live' | 'note' | 'signal'>) {
  const disk = await openDisk(work.path);
  try {
    await write(disk, work, io);
    await verify(work, io);
  } catch (cause) {
    io.live.clear();
    const unusable = `${work.path} is not usable now: write it again.`;
    if (io.signal.aborted) {
      io.note(`Stopped. ${unusable}`);
      throw cause;
    }
    throw new CommandError(`${messageOf(cause)}\n${unusable}`, { cause });
  } finally {
    io.live.clear();
  }
}

/** The kernel refuses a disk that anything uses, whatever was found before. */
async function openDisk(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_EXCL);
  } catch (cause) {
    throw new CommandError(`Cannot write to ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'only root may. Run the command with sudo.';
  if (code === 'EBUSY') return 'something uses it. Nothing was written.';
  return messageOf(cause);
}

async function write(
  disk: FileHandle,
  { medium, path, bytes }: DiskWrite,
  io: Pick<Io, 'live' | 'signal'>,
): Promise<void> {
  const show = progressOf(`Writing ${medium.name} to ${path}`, bytes, io);
  let done = 0;
  let synced = 0;
  try {
    for await (const chunk of unpackedBytesOf(medium, io.signal)) {
      await writeWhole(disk, chunk, done);
      done += chunk.length;
      if (done - synced >= SYNC_BYTES) {
        await disk.datasync();
        synced = done;
      }
      show(done);
    }
    await disk.sync();
  } finally {
    await disk.close();
  }
  if (done !== bytes) throw new CommandError(`Medium ${medium.name} was changed meanwhile.`);
}

async function writeWhole(disk: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesWritten } = await disk.write(chunk, at, chunk.length - at, position + at);
    at += bytesWritten;
  }
}

async function verify(
  { medium, path, bytes, hash }: DiskWrite,
  io: Pick<Io, 'live' | 'signal'>,
): Promise<void> {
  // What was written is in memory, too: only what is read from the disk tells what the disk has.
  await promisify(execFile)('blockdev', ['--flushbufs', path]);
  const show = progressOf(`Verifying ${medium.name} on ${path}`, bytes, io);
  await using disk = await open(path, 'r');
  const sum = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let at = 0; at < bytes; ) {
    io.signal.throwIfAborted();
    const { bytesRead } = await disk.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
    if (bytesRead === 0) break;
    sum.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
    show(at);
  }
  if (sum.digest('hex') === hash) return;
  throw new CommandError(
    `${path} does not have what was written to it: it is broken, or not as large as it says.`,
  );
}
