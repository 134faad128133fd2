// The files of an archive that is a tar: only the heads of its members are read, whatever their sizes, and each member is then
// a range of the file. Links are followed inside the archive alone.
import { type FileHandle, open } from 'node:fs/promises';
import { BLOCK, decodeHeader, isZero, type TarHeader } from '../../content/layers/tar/header.ts';
import { countIn, paxRecords, recordIn } from '../../content/layers/tar/pax.ts';
import { TarError } from '../../content/layers/tar/tar-error.ts';
import { type ArchiveFiles, type FilePlace, pathParts } from './archive-files.ts';

type Member =
  | { readonly kind: 'file'; readonly offset: number; readonly length: number }
  | { readonly kind: 'link'; readonly target: string };

/** What heads before a member say of it. */
type Extensions = {
  readonly path?: string | undefined;
  readonly linkpath?: string | undefined;
  readonly size?: number | undefined;
};

/** Archives of images have a few for each layer. */
const MOST_MEMBERS = 50_000;
/** Names and attributes of one member. */
const MOST_EXTENDED = 1 << 20;
const MOST_LINKS = 40;

/** @throws {TarError} if it is no tar, or a damaged one */
export async function openTar(path: string): Promise<ArchiveFiles> {
  await using handle = await open(path);
  const members = await membersOf(handle);
  return { find: async (name) => placeOf(name, { path, members }) };
}

function placeOf(
  name: string,
  { path, members }: { readonly path: string; readonly members: ReadonlyMap<string, Member> },
): FilePlace | undefined {
  let wanted = pathParts(name)?.join('/');
  for (let links = 0; links <= MOST_LINKS && wanted !== undefined; links += 1) {
    const member = members.get(wanted);
    if (member === undefined) return undefined;
    if (member.kind === 'file') {
      return { kind: 'file', path, offset: member.offset, length: member.length };
    }
    wanted = pathParts(member.target)?.join('/');
  }
  return undefined;
}

/** Of several members with one name the last one counts, as when the archive is unpacked. */
async function membersOf(handle: FileHandle): Promise<Map<string, Member>> {
  const { size: end } = await handle.stat();
  const members = new Map<string, Member>();
  let extensions: Extensions = {};
  let count = 0;
  for (let at = 0; at < end; count += 1) {
    if (count > MOST_MEMBERS) throw new TarError(`it has more than ${MOST_MEMBERS} files`);
    const block = await bytesAt(handle, at, BLOCK);
    if (isZero(block)) break;
    const header = decodeHeader(block);
    const offset = at + BLOCK;
    const isHead = 'xgLK'.includes(header.type);
    const length = lengthOf(header, isHead ? {} : extensions);
    if (offset + length > end) throw new TarError('it ends too early');
    if (isHead) {
      extensions = { ...extensions, ...(await extensionsAt(handle, header, offset)) };
    } else {
      const name = pathParts(extensions.path ?? textOf(header.name))?.join('/');
      const member = memberOf(header, { extensions, offset, length });
      if (name !== undefined) members.delete(name);
      if (name !== undefined && member !== undefined) members.set(name, member);
      extensions = {};
    }
    at = offset + Math.ceil(length / BLOCK) * BLOCK;
  }
  if (Object.keys(extensions).length > 0) throw new TarError('it ends too early');
  return members;
}

/** Links and folders have no content, whatever size they say. */
function lengthOf({ type, size }: TarHeader, extensions: Extensions): number {
  if (type === '1' || type === '2' || type === '5') return 0;
  const length = extensions.size ?? size;
  if (length >= 0) return length;
  throw new TarError('a header is damaged: its size is negative');
}

function memberOf(
  { type, name, link }: TarHeader,
  {
    extensions,
    offset,
    length,
  }: { readonly extensions: Extensions; readonly offset: number; readonly length: number },
): Member | undefined {
  const path = extensions.path ?? textOf(name);
  // Before POSIX a folder was a file whose name ends with a slash.
  const isFile = type === '\0' || type === '0' || type === '7';
  if (isFile) return path.endsWith('/') ? undefined : { kind: 'file', offset, length };
  const to = extensions.linkpath ?? textOf(link);
  // A hard link names a member from the top, a symbolic one from its own folder.
  if (type === '1') return { kind: 'link', target: to };
  if (type !== '2' || to.startsWith('/')) return undefined;
  return { kind: 'link', target: `${path}/../${to}` };
}

async function extensionsAt(
  handle: FileHandle,
  { type, size }: TarHeader,
  offset: number,
): Promise<Extensions> {
  if (size > MOST_EXTENDED) throw new TarError(`a name or attribute has ${size} bytes`);
  const content = await bytesAt(handle, offset, size);
  if (type === 'L') return { path: untilNul(content) };
  if (type === 'K') return { linkpath: untilNul(content) };
  // A global head says nothing that counts here: comments, in what git writes.
  if (type === 'g') return {};
  const records = paxRecords(content);
  if (records.some(([key]) => key.startsWith('GNU.sparse.'))) {
    throw new TarError('it has files with holes, which are not read');
  }
  const said = (key: string) => {
    const value = recordIn(records, key);
    return value === undefined ? {} : { [key]: textOf(value) };
  };
  const length = countIn(records, 'size');
  return {
    ...said('path'),
    ...said('linkpath'),
    ...(length === undefined ? {} : { size: length }),
  };
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** @param bytes a character for each */
function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead === length) return buffer;
  throw new TarError('it ends too early');
}
