// Backups as files: what GNU tar writes, compressed by zstd, and sealed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { DiskError, messageOf, WaltError } from '../errors.ts';
import { NAMES } from './manifest.ts';
import { isCompressed, isSealed, SEAL_BYTES, seal } from './seal.ts';

/** Owners, modes and attributes stay, also those that overlayfs has its notes in. */
const EXACT = ['--numeric-owner', '--xattrs', '--xattrs-include=*'];

/** What tar says where the disk takes no more. */
const FULL = /No space left on device|Wrote only \d+ of \d+ bytes/;

/** What goes into an archive. Its first files come from `own`, under their names. */
export type Contents = {
  readonly own: { readonly folder: string; readonly names: readonly string[] };
  /** `paths` are relative to `folder`, and get `prefix` in the archive; what is below a folder is named by itself */
  readonly others: {
    readonly folder: string;
    readonly prefix: string;
    readonly paths: readonly string[];
  };
};

/** @throws {WaltError | Error} if it cannot be written; what was written is there */
export async function writeArchive(
  file: string,
  { own, others }: Contents,
  signal: AbortSignal,
): Promise<void> {
  const tar = startTar(
    [
      ...['--create', ...EXACT, '--sparse', '--no-recursion', '--null', '--verbatim-files-from'],
      // Targets of links stay as they are.
      ...[`--transform=s,^\\./,${others.prefix}/,S`, '--directory', own.folder, ...own.names],
      ...['--directory', others.folder, '--files-from=-'],
    ],
    signal,
  );
  const list = others.paths.map((path) => `./${path}\0`);
  const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  await all([
    pipeline(Readable.from(list), tar.stdin, { signal }).catch(ifTarEnded),
    pipeline(tar.stdout, createZstdCompress(checksum), output, { signal }),
    tar.ended,
  ]);
  await seal(file, signal);
}

/** Unpacks into a folder. @throws {WaltError | Error} if the archive is damaged, or the disk takes no more */
export async function readArchive(
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const places = ['--directory', folder];
  const input = await sealed(file, signal);
  const exact = [...EXACT, '--same-owner', '--preserve-permissions', '--delay-directory-restore'];
  const tar = startTar(['--extract', ...exact, ...places], signal);
  tar.stdout.resume();
  await all([
    pipeline(input, createZstdDecompress(), tar.stdin, { signal }).catch(ifTarEnded),
    tar.ended,
  ]);
}

/** The configuration in a backup. @throws {WaltError} if it has none, or is none */
export async function readConfigurationOf(file: string, signal: AbortSignal): Promise<string> {
  const input = await sealed(file, signal).catch((cause: unknown) => {
    throw new WaltError(`Cannot restore ${file}: ${messageOf(cause)}`, { cause });
  });
  const what = ['--to-stdout', '--occurrence=1', NAMES.configuration];
  const tar = startTar(['--extract', ...what], signal);
  let text = '';
  tar.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  try {
    await all([
      pipeline(input, createZstdDecompress(), tar.stdin, { signal }).catch(ifTarEnded),
      tar.ended,
    ]);
  } catch (cause) {
    throw new WaltError(`Cannot restore ${file}: ${messageOf(cause)}`, { cause });
  }
  return text;
}

/** A file that was never a backup, whatever it is. */
export class NoBackupError extends WaltError {
  override name = 'NoBackupError' as const;

  constructor() {
    super('it is no backup of walt-server');
  }
}

/** The archive in a backup. @throws {NoBackupError} @throws {WaltError} if it is not whole */
async function sealed(file: string, signal: AbortSignal): Promise<Readable> {
  if (!(await isCompressed(file))) throw new NoBackupError();
  if (!(await isSealed(file, signal))) {
    throw new WaltError('it was cut or changed since it was made');
  }
  const { size } = await stat(file);
  return createReadStream(file, { end: size - SEAL_BYTES - 1 });
}

type Tar = {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<void>;
};

function startTar(args: readonly string[], signal: AbortSignal): Tar {
  const child = spawn('tar', args, { stdio: 'pipe', signal });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-2000);
  });
  const ended = once(child, 'close').then(([code]) => {
    if (code === 0) return;
    if (FULL.test(complaint)) throw new DiskError('the disk is full');
    const [first = `it ended with ${code}`] = complaint.trim().split('\n');
    throw new WaltError(first.replace(/^tar: /, ''));
  });
  return { stdin: child.stdin, stdout: child.stdout, ended };
}

/** Why tar takes no more it says itself. */
function ifTarEnded(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'EPIPE' && thrown.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw thrown;
}

/** Waits for all, so that nothing goes on; throws what failed first in the order of the list. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
