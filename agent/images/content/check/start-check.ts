// Whether an image has what the boot loader of a model asks for: a start file, and the kernel that it starts.
import { isScript, readLines } from '../../../boot/ipxe-script/lines.ts';
import { type CommandName, readCommand } from '../../../boot/ipxe-script/syntax.ts';
import { modelOf } from '../../../boot/models.ts';
import type { ImageFiles } from '../files/image-files.ts';

const START_FILES = ['start.ipxe', 'start.uboot', 'fit-start.uboot', 'fit.uboot', 'cmdline.txt'];
const KERNEL_NAME = /^(kernel|vmlinu|bzImage|zImage|uImage|Image|fit)|\.(itb|fit)$/i;

/** Commands that fetch a file, unless one of its name is loaded already, and what the file is. */
const FETCHED: Readonly<Partial<Record<CommandName, 'kernel' | 'initrd' | 'other'>>> = {
  ...{ kernel: 'kernel', imgselect: 'kernel', imgload: 'kernel' },
  ...{ initrd: 'initrd', module: 'initrd', imgfetch: 'other' },
};

/** @returns one sentence for each problem */
export async function startProblems(files: ImageFiles, model: string): Promise<string[]> {
  const folder = `boot/${model}`;
  const names = files.namesIn(folder);
  const starts = START_FILES.filter((file) => names.includes(file));
  if (starts.length === 0) {
    const { startFile } = modelOf(model);
    return [`/${folder}/ has no start file: add ${startFile}, with the kernel and initrd it names`];
  }
  if (!starts.includes('start.ipxe')) return kernelByName(folder, names);
  const script = (await files.textOf(`${folder}/start.ipxe`)) ?? '';
  if (!isScript(script)) {
    return [
      `/${folder}/start.ipxe is no iPXE script: its first line must be #!ipxe ` +
        '(a BIOS machine would run it as machine code)',
    ];
  }
  const named = filesNamedBy(script);
  if (named.kernel.length === 0) return kernelByName(folder, names);
  const problems: string[] = [];
  for (const kind of ['kernel', 'initrd'] as const) {
    if (named[kind].length === 0 || hasOneOf(files, folder, named[kind])) continue;
    const [first = ''] = named[kind];
    problems.push(`/${folder}/start.ipxe starts the ${kind} '${first}': add /${folder}/${first}`);
  }
  return problems;
}

function kernelByName(folder: string, names: readonly string[]): string[] {
  if (names.some((name) => KERNEL_NAME.test(name))) return [];
  return [
    `/${folder}/ has no kernel: add one, as /${folder}/kernel, and let the start file load it`,
  ];
}

/**
 * Files that the script fetches from the folder of its model. Names made of variables are passed over, but for one
 * that stands for the server (`${http}/kernel`).
 */
function filesNamedBy(script: string): Record<'kernel' | 'initrd', string[]> {
  const named = { kernel: [] as string[], initrd: [] as string[] };
  const loaded = new Set<string>();
  for (const { words } of readLines(script).flatMap(({ commands }) => commands)) {
    const read = readCommand(words);
    const kind = read.kind === 'command' ? FETCHED[read.name] : undefined;
    if (read.kind !== 'command' || kind === undefined) continue;
    const [uri = ''] = read.given.words;
    const file = /^(?:\$\{[\w-]+\}\/|\/)?([\w.-]+(?:\/[\w.-]+)*)(?:\?.*)?$/.exec(uri)?.[1];
    if (kind !== 'other' && file !== undefined && !loaded.has(uri)) named[kind].push(file);
    loaded.add(read.given.options.get('name') ?? file?.split('/').at(-1) ?? uri);
  }
  return named;
}

function hasOneOf(files: ImageFiles, folder: string, names: readonly string[]): boolean {
  return names.some((name) => files.hasFile(`${folder}/${name}`));
}
