// Copies a medium into a folder: whole under its name, or not at all.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MediumView } from '../../api/calls/media.ts';
import { messageOf } from '../../errors.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { bytesOf, progressOf } from './copied-bytes.ts';

/** What is at the place of a copy. @throws {CommandError} if no file can be there */
export async function hasMedium(
  target: string,
  { bytes, sha256 }: Pick<MediumView, 'bytes' | 'sha256'>,
): Promise<'nothing' | 'same' | 'other'> {
  const status = await lstat(target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw notCopied(target, cause);
  });
  if (status === undefined) return 'nothing';
  if (!status.isFile()) {
    throw new CommandError(`Cannot copy to ${target}: there is something else than a file.`);
  }
  if (status.size !== bytes) return 'other';
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(target)) hash.update(chunk);
  } catch (cause) {
    throw notCopied(target, cause);
  }
  return hash.digest('hex') === sha256 ? 'same' : 'other';
}

type Copy = {
  readonly target: string;
  /** there is another file, and the person wants it gone */
  readonly replaces: boolean;
  readonly io: Pick<Io, 'live' | 'signal'>;
};

/** @throws {CommandError} if it cannot be copied, or came to be another one; nothing is left of it then */
export async function getMedium(medium: MediumView, { target, replaces, io }: Copy): Promise<void> {
  const unfinished = join(dirname(target), `.${medium.name}.${process.pid}`);
  // The name is taken before, so that a file that comes meanwhile is not lost.
  if (!replaces) await claim(target);
  try {
    await write(medium, { file: unfinished, io });
    await rename(unfinished, target);
  } catch (cause) {
    await rm(unfinished, { force: true });
    if (!replaces) await rm(target, { force: true });
    if (io.signal.aborted || cause instanceof CommandError) throw cause;
    throw notCopied(target, cause);
  } finally {
    io.live.clear();
  }
}

async function claim(target: string): Promise<void> {
  try {
    await (await open(target, 'wx')).close();
  } catch (cause) {
    throw notCopied(target, cause);
  }
}

async function write(
  medium: MediumView,
  { file, io }: { readonly file: string; readonly io: Copy['io'] },
): Promise<void> {
  const show = progressOf(`Copying ${medium.name}`, medium.bytes, io);
  await using output = await open(file, 'wx');
  let done = 0;
  for await (const chunk of bytesOf(medium, io.signal)) {
    await output.writeFile(chunk);
    done += chunk.length;
    show(done);
  }
  await output.sync();
}

function notCopied(target: string, cause: unknown): CommandError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such folder' : messageOf(cause);
  return new CommandError(`Cannot copy to ${target}: ${reason}`, { cause });
}
