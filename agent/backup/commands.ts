// `walt-server backup FILE` and `walt-server restore FILE`: what they take, and what they tell.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Config, parseConfig } from '../config/config.ts';
import { readConfigText, unreadConfig } from '../config/read-config.ts';
import { USUAL_CONFIG } from '../config/usual-config.ts';
import { WaltError } from '../errors.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { sizeText } from '../host/text/size-text.ts';
import { readConfigurationOf } from './archive.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

/** What was typed, and what the commands do by others. */
export type BackupCommand = {
  readonly words: readonly string[];
  readonly config?: string | undefined;
  readonly images?: boolean | undefined;
  readonly machines?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly version: string;
  /** ends the NFS service that an earlier server left */
  readonly stopNfs: (config: Config) => Promise<void>;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
};

/** @throws {WaltError} if it cannot be done, or there is no such command */
export async function runBackupCommand(command: BackupCommand): Promise<void> {
  const [name = '', file, ...others] = command.words;
  if (name !== 'backup' && name !== 'restore') {
    const known = 'backup FILE, restore FILE, fingerprint, authority, renew-authority';
    throw new WaltError(`There is no command '${name}'. Commands: ${known}`);
  }
  if (file === undefined || file === '' || others.length > 0) {
    throw new WaltError(`Cannot ${name}: expected one file, as in walt-server ${name} FILE`);
  }
  if (name === 'backup') return await backUp(file, command);
  if (command.images === true || command.machines === true) {
    throw new WaltError(
      'Cannot restore with --images or --machines: all that is in the backup is restored.',
    );
  }
  return await restore(file, command);
}

async function backUp(file: string, command: BackupCommand): Promise<void> {
  const { config: configuration = USUAL_CONFIG, images = false, machines = false } = command;
  const config = parseConfig(await readConfigText(configuration), configuration);
  const state = await realFolder(config.state);
  const { version, signal, yes: replaces = false } = command;
  const contents = { hasImages: images, hasMachines: machines };
  await makeBackup({ ...contents, file, configuration, state, version, replaces, signal });
  const { size } = await stat(file);
  const all = [
    'the database',
    'the configuration',
    ...(images ? ['images'] : []),
    ...(machines ? ['disks of virtual nodes'] : []),
  ];
  command.print(`${file} (${sizeText(size)}) has ${all.join(', ')} and the keys of ${state}.`);
  const without = [
    ...(images ? [] : ['images (--images)']),
    ...(machines ? [] : ['disks of virtual nodes (--machines)']),
    ...filesOf(config).map((path) => `${path}, which the configuration names`),
  ];
  if (without.length > 0) command.print(`It does not have: ${without.join('; ')}.`);
}

async function restore(file: string, command: BackupCommand): Promise<void> {
  const { config: place = USUAL_CONFIG, yes: replaces = false, signal, print } = command;
  const present = await readFile(place, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw unreadConfig(place, thrown);
  });
  const config = parseConfig(present ?? (await readConfigurationOf(file, signal)), place);
  const state = await realFolder(config.state);
  const beforeReplacing = () => command.stopNfs(config);
  const done = await restoreBackup({ file, state, replaces, beforeReplacing, signal });
  const { created, version, hasImages } = done.manifest;
  print(`${state} is as it was on ${created} (walt-server ${version}).`);
  if (done.aside !== undefined)
    print(`What was there is in ${done.aside}: remove it when all is well.`);
  if (present === undefined) {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, done.configuration, { flag: 'wx' });
    print(`The configuration is in ${place}.`);
  } else if (present !== done.configuration) {
    await writeFile(`${place}.from-backup`, done.configuration);
    print(`${place} stays as it is; the configuration of the backup is in ${place}.from-backup.`);
  }
  if (!hasImages)
    print('The backup has no images: import them again, or let the server fetch them.');
}

/** Files that the configuration names: they are not the server's own. */
function filesOf({ images }: Config): string[] {
  return images.registries.flatMap((registry) => {
    if ('folder' in registry) return registry.folder.startsWith('/') ? [registry.folder] : [];
    return [registry.credentials, registry.ca].filter((path) => path !== undefined);
  });
}
