// `walt-server backup`: what a server would lose with its disk, in one file. The server may run meanwhile.
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { diskWords, messageOf, WaltError } from '../errors.ts';
import { journalPaths } from '../store/sqlite/device-journal/journal-files.ts';
import { lastStepOf } from '../store/sqlite/schema/migrate.ts';
import { snapshotDatabase } from '../store/sqlite/schema/snapshot.ts';
import { writeArchive } from './archive.ts';
import { type BackedUpFile, FORMAT, type Manifest, NAMES } from './manifest.ts';
import { runningMachines } from './state-in-use.ts';
import { entriesOf, sumOf } from './walk.ts';

/** What is backed up, and where to. */
export type BackupOptions = {
  /** the file that is made */
  readonly file: string;
  /** of the server */
  readonly configuration: string;
  /** folder of the server's state */
  readonly state: string;
  readonly version: string;
  /** images and their layers too */
  readonly hasImages: boolean;
  /** disks of virtual nodes too */
  readonly hasMachines: boolean;
  /** a file that is there may be replaced */
  readonly replaces: boolean;
  readonly signal: AbortSignal;
};

const ALWAYS = ['ssh', 'secrets', 'api'];
const OF_IMAGES = ['images', 'layers', 'blobs', 'archives'];
const OF_MACHINES = ['machines'];

/** @throws {WaltError} if it cannot be made; nothing is left of it then */
export async function makeBackup(options: BackupOptions): Promise<Manifest> {
  const file = resolve(options.file);
  if (await isFolder(file)) {
    throw new WaltError(`Cannot back up to ${file}: it is a folder. Name a file in it.`);
  }
  if (!(await isFolder(dirname(file)))) {
    const missing = `there is no folder ${dirname(file)}. Make it first`;
    throw new WaltError(`Cannot back up to ${file}: ${missing}.`);
  }
  if (!options.replaces && (await isThere(file))) {
    throw new WaltError(`Cannot back up to ${file}: it is there already. Add --yes to replace it.`);
  }
  if (!(await isThere(join(options.state, 'walt.db')))) {
    throw new WaltError(`Cannot back up ${options.state}: no server has kept anything there.`);
  }
  if (options.hasMachines) await refuseRunning(options.state);
  const part = `${file}.${process.pid}.part`;
  let work: string | undefined;
  try {
    work = await mkdtemp(`${file}.work-`);
    const manifest = await fill(part, work, options);
    await rename(part, file);
    return manifest;
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    if (options.signal.aborted) throw new WaltError('Stopped: there is no backup.', { cause });
    const reason = diskWords(cause) ?? messageOf(cause);
    throw new WaltError(`Cannot back up to ${file}: ${reason}. There is no backup.`, { cause });
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

async function fill(part: string, work: string, options: BackupOptions): Promise<Manifest> {
  const { state, signal } = options;
  await mkdir(join(work, NAMES.state));
  await copyFile(options.configuration, join(work, NAMES.configuration));
  const journal = await copyJournal(state, work);
  await snapshotDatabase(join(state, 'walt.db'), join(work, NAMES.database));
  const paths: string[] = [];
  const files: BackedUpFile[] = [];
  const add = async (path: string, from: string) => {
    const { size } = await stat(from);
    files.push({ path, bytes: size, sha256: await sumOf(from, signal) });
  };
  const kept = [NAMES.database, ...journal];
  for (const name of [NAMES.configuration, ...kept]) await add(name, join(work, name));
  for (const folder of foldersOf(options)) {
    for await (const { path, isFile } of entriesOf(state, folder)) {
      paths.push(path);
      if (isFile) await add(`${NAMES.state}/${path}`, join(state, path));
    }
  }
  const manifest = { ...headOf(options), step: stepOf(join(work, NAMES.database)), files };
  await writeFile(join(work, NAMES.manifest), JSON.stringify(manifest));
  const names = [NAMES.manifest, NAMES.configuration, NAMES.state, ...kept];
  const own = { folder: work, names };
  await writeArchive(part, { own, others: { folder: state, prefix: NAMES.state, paths } }, signal);
  return manifest;
}

/**
 * What was acknowledged and is not in the database yet is there. Copied before that: what is written over meanwhile, the database has by
 * then. A record that is written at this moment is torn, and left out when the journal is read.
 * @returns names in the archive
 */
async function copyJournal(state: string, work: string): Promise<string[]> {
  const names: string[] = [];
  for (const path of journalPaths(join(state, 'walt.db'))) {
    if (!(await isThere(path))) continue;
    const name = join(NAMES.state, basename(path));
    await copyFile(path, join(work, name));
    names.push(name);
  }
  return names;
}

function headOf({ version, hasImages, hasMachines }: BackupOptions) {
  const created = new Date().toISOString();
  return { format: FORMAT, version, created, hasImages, hasMachines };
}

function foldersOf({ hasImages, hasMachines }: BackupOptions): string[] {
  return [...ALWAYS, ...(hasImages ? OF_IMAGES : []), ...(hasMachines ? OF_MACHINES : [])];
}

function stepOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return lastStepOf(database) ?? '';
  } finally {
    database.close();
  }
}

/** A disk that is being written to would be copied half old and half new. */
async function refuseRunning(state: string): Promise<void> {
  const [mac] = await runningMachines(state);
  if (mac === undefined) return;
  throw new WaltError(
    `Cannot back up the disks of virtual nodes: the one with MAC ${mac} is on. ` +
      'Turn it off with walt node power NODE off, or leave --machines out.',
  );
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

/** @throws {WaltError} where this user may not know */
async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return false;
      const reason = `${messageOf(thrown)}. Only root may, as sudo walt-server`;
      throw new WaltError(`Cannot make a backup: ${reason}.`, { cause: thrown });
    },
  );
}
