// Whether the kernel of an image can mount its root file system over NFS and lay a RAM file system over it, as far as
// that can be read: from the lists that depmod made.
import type { ImageFiles } from '../files/image-files.ts';

const NEEDED = [
  { module: 'nfs', why: 'the root file system comes by NFS', option: 'CONFIG_NFS_FS' },
  { module: 'overlay', why: 'what a node writes stays in its RAM', option: 'CONFIG_OVERLAY_FS' },
] as const;

/** @returns one sentence for each module that is missing; none where nothing can be read */
export async function kernelProblems(files: ImageFiles, model: string): Promise<string[]> {
  const known = files.namesIn('lib/modules');
  const own = await versionOf(files, model);
  const versions = own !== undefined && known.includes(own) ? [own] : known;
  const lists = new Map<string, string>();
  for (const version of versions) {
    const list = await modulesOf(files, version);
    if (list !== undefined) lists.set(version, list);
  }
  return NEEDED.filter(({ module }) => !hasModule([...lists.values()], module)).map(
    ({ module, why, option }) =>
      `kernel ${[...lists.keys()].join(', ')} has no module '${module}' (${why}): take a kernel built with ` +
      `${option}, as Debian's linux-image-amd64 or linux-image-arm64 (its cloud kernels have less)`,
  );
}

function hasModule(lists: readonly string[], module: string): boolean {
  const line = new RegExp(`(^|/)${module}\\.ko(\\.\\w+)?(:|$)`, 'm');
  return lists.length === 0 || lists.some((list) => line.test(list));
}

async function modulesOf(files: ImageFiles, version: string): Promise<string | undefined> {
  const lists = ['modules.builtin', 'modules.dep'].map((name) => `lib/modules/${version}/${name}`);
  const [builtIn, loadable] = await Promise.all(lists.map(files.textOf));
  if (loadable === undefined) return undefined;
  return `${builtIn ?? ''}\n${loadable}`;
}

/** The version that a PC's kernel says it has (Linux x86 boot protocol, `HdrS` and `kernel_version`). */
async function versionOf(files: ImageFiles, model: string): Promise<string | undefined> {
  const bytes = await files.firstBytes(`boot/${model}/kernel`, 0x8200);
  if (bytes === undefined || bytes.length < 0x210) return undefined;
  const header = Buffer.from(bytes);
  if (header.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  const at = header.readUInt16LE(0x20e) + 0x200;
  return /^[\w.+~-]+/.exec(header.toString('latin1', at, at + 128))?.[0];
}
