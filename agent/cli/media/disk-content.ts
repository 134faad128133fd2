// What a person should know of a disk before they lose what is on it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sizeText } from '../../host/text/size-text.ts';
import { type Disk, isRemovable, partsOf } from './disk.ts';

/** Of blkid(8). */
type Content = { readonly type: string | undefined; readonly label: string | undefined };

/** Two lines: what disk it is, and what is on it. */
export async function diskText(disk: Disk): Promise<string> {
  const { path, vendor, model, serial, tran, size } = disk;
  const name = [vendor, model].map((text) => text?.trim() ?? '').filter((text) => text !== '');
  const facts = [
    name.length === 0 ? 'a disk without a name' : name.join(' '),
    sizeText(size),
    ...(tran === null ? [] : [tran]),
    ...(serial === null ? [] : [`serial ${serial}`]),
    isRemovable(disk) ? 'removable' : 'NOT removable',
  ];
  const contents: string[] = [];
  for (const part of [disk, ...partsOf(disk)]) contents.push(...(await contentOf(part)));
  const on = contents.length === 0 ? 'nothing that is known' : contents.join('; ');
  return `Disk ${path}: ${facts.join(', ')}.\nOn it: ${on}.`;
}

async function contentOf({ path, type, size, fstype, label }: Disk): Promise<string[]> {
  // lsblk knows what udev has found: there may be none.
  const content = fstype === null ? await probe(path) : { type: fstype, label: label ?? undefined };
  if (content.type === undefined && type !== 'part') return [];
  const named = content.label === undefined ? '' : ` '${content.label}'`;
  return [`${path} ${content.type ?? 'unknown'}${named} (${sizeText(size)})`];
}

async function probe(path: string): Promise<Content> {
  const args = ['--probe', '--output', 'export', path];
  const { stdout } = await promisify(execFile)('blkid', args).catch(() => ({ stdout: '' }));
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1];
  const table = value('PTTYPE');
  const type = value('TYPE') ?? (table === undefined ? undefined : `partitions (${table})`);
  return { type, label: value('LABEL') };
}
