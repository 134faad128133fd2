// `walt-server restore`: makes the state of a server from a backup. It is unpacked beside what is there and checked; only
// then does it take the place of that, the database last: a restore that is interrupted can be done again.
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DiskError, diskWords, messageOf, WaltError } from '../errors.ts';
import { makePrivateFolder } from '../host/folders/private-folder.ts';
import { holdState, STATE_LOCK } from '../host/folders/state-lock.ts';
import { giveAllBack } from '../host/folders/state-owner.ts';
import { unmountBelow } from '../host/mounting/unmount-below.ts';
import { migrations } from '../store/sqlite/schema/migrations.ts';
import { NoBackupError, readArchive } from './archive.ts';
import { FORMAT, type Manifest, manifestSchema, NAMES } from './manifest.ts';
import { refuseInUse } from './state-in-use.ts';
import { entriesOf, sumOf } from './walk.ts';

/** What is restored, and where to. */
export type RestoreOptions = {
  readonly file: string;
  /** folder of the server's state */
  readonly state: string;
  /** what is there may be put aside */
  readonly replaces: boolean;
  /** called before what is there is put aside */
  readonly beforeReplacing: () => Promise<void>;
  readonly signal: AbortSignal;
};

/** What was done. */
export type Restored = {
  readonly manifest: Manifest;
  /** the configuration of the server that was backed up */
  readonly configuration: string;
  /** where that is now which was there; undefined where nothing was */
  readonly aside: string | undefined;
};

const UNFINISHED = 'restore-unfinished';
const ASIDE = 'before-restore-';
/** Of the root of a file system. */
const OF_DISK = 'lost+found';
/** Codes of a file that is not read at all: of what is in it nothing can be said. */
const NOT_READ = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'];
/** What stays where it is. */
const STAYS = [OF_DISK, UNFINISHED, STATE_LOCK];

/** @throws {WaltError} if it cannot be done; what was there is as it was */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const state = resolve(options.state);
  await refuseInUse(state);
  const present = await presentIn(state);
  if (present.length > 0 && !options.replaces) {
    throw new WaltError(
      `Cannot restore to ${state}: it is not empty. ` +
        'Add --yes to put what is there aside, or name another folder in the configuration (state).',
    );
  }
  await makePrivateFolder(state);
  // No server starts meanwhile.
  const held = await holdState(state, { failure: `Cannot restore to ${state}` });
  const work = join(state, UNFINISHED);
  try {
    const manifest = await unpack(work, options);
    const configuration = await readFile(join(work, NAMES.configuration), 'utf8');
    if (present.length > 0) await options.beforeReplacing();
    // Images stay mounted when a server ends: what is put aside is files, which somebody may remove.
    for (const name of present) await unmountBelow(join(state, name));
    const aside = await putAside(state, present);
    await putInPlace(join(work, NAMES.state), state);
    await giveAllBack(state);
    return { manifest, configuration, aside };
  } catch (cause) {
    if (options.signal.aborted) throw new WaltError('Stopped: nothing was restored.', { cause });
    const reason = diskWords(cause) ?? messageOf(cause);
    throw new WaltError(`Cannot restore ${options.file}: ${reason}`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
    await held.releaseWithoutTrace();
  }
}

async function unpack(work: string, { file, signal }: RestoreOptions): Promise<Manifest> {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  try {
    await readArchive(file, work, signal);
  } catch (cause) {
    if (signal.aborted || cause instanceof DiskError || diskWords(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (NOT_READ.includes(code ?? '')) throw cause;
    throw damaged(messageOf(cause), cause);
  }
  const manifest = await readManifest(work);
  await checkFiles(work, manifest, signal);
  return manifest;
}

async function readManifest(work: string): Promise<Manifest> {
  const text = await readFile(join(work, NAMES.manifest), 'utf8').catch((cause: unknown) => {
    throw damaged('it has no manifest', cause);
  });
  const { success, data } = manifestSchema.safeParse(jsonOf(text));
  if (!success) throw damaged('its manifest is none of ours');
  const { format, step, version } = data;
  if (format > FORMAT || (step !== '' && migrations[step] === undefined)) {
    throw new WaltError(
      `it was made by walt-server ${version}, which is newer than this one. Install that version, and restore then.`,
    );
  }
  return data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged('its manifest is none of ours', cause);
  }
}

/** All files that the manifest names, and no other. */
async function checkFiles(work: string, { files }: Manifest, signal: AbortSignal): Promise<void> {
  const wanted = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  for await (const { path, isFile } of entriesOf(work, NAMES.state)) {
    if (!isFile) continue;
    if (wanted.get(path) !== (await sumOf(join(work, path), signal))) {
      throw damaged(`file ${path} is another one than was backed up`);
    }
    wanted.delete(path);
  }
  const { configuration } = NAMES;
  if (wanted.get(configuration) !== (await sumOf(join(work, configuration), signal))) {
    throw damaged(`file ${configuration} is another one than was backed up`);
  }
  wanted.delete(configuration);
  const [missing] = wanted.keys();
  if (missing !== undefined) throw damaged(`file ${missing} is missing`);
}

function damaged(what: string, cause?: unknown): WaltError {
  if (cause instanceof NoBackupError) {
    return new WaltError(`${what}. Nothing was changed. Take another one.`, { cause });
  }
  return new WaltError(
    `it is damaged, or no backup of walt-server (${what}). Nothing was changed. Take another one.`,
    cause === undefined ? {} : { cause },
  );
}

/** What a restore would replace. */
async function presentIn(state: string): Promise<string[]> {
  const names = await readdir(state).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new WaltError(`Cannot restore to ${state}: ${messageOf(thrown)}`, { cause: thrown });
  });
  return names.filter((name) => !STAYS.includes(name) && !name.startsWith(ASIDE));
}

/** The folder itself may be a disk of its own, which cannot be renamed. */
async function putAside(state: string, names: readonly string[]): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  for (let number = 1; ; number += 1) {
    const aside = join(state, `${ASIDE}${number}`);
    const made = await mkdir(aside, { mode: 0o700 }).then(
      () => true,
      (thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'EEXIST') return false;
        throw thrown;
      },
    );
    if (!made) continue;
    for (const name of names) await rename(join(state, name), join(aside, name));
    return aside;
  }
}

async function putInPlace(from: string, state: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => name !== 'walt.db');
  for (const name of [...names, 'walt.db']) await rename(join(from, name), join(state, name));
}
