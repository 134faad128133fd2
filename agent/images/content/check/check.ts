// What an image must have to boot a node. Each thing missing is one sentence that says how to add it.
import { architecturesOf } from '../../../boot/models.ts';
import type { ImageFiles } from '../files/image-files.ts';
import { elfArchitecture } from './architectures.ts';
import { kernelMismatch } from './kernel-architecture.ts';
import { kernelProblems } from './kernel-check.ts';
import { startProblems } from './start-check.ts';

/** Label of an image that names the models which can boot it, with commas between. */
const MODELS_LABEL = 'walt.node.models';

const MODEL = /^[a-z0-9][a-z0-9.-]*$/;
const PROGRAMS = [
  { path: 'bin/busybox', add: 'add it (Debian package busybox)' },
  {
    path: 'sbin/init',
    add: 'add it (Debian package systemd-sysv), or make it a link to your init',
  },
] as const;

/** Models of label `walt.node.models`. */
export function modelsOf(labels: Readonly<Record<string, string>>): string[] {
  return (labels[MODELS_LABEL] ?? '')
    .split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
}

/**
 * @param image.architecture what its configuration says, as Go names it; believed where no program tells better
 * @returns one sentence for each problem; none for a good image
 */
export async function problemsOf(
  files: ImageFiles,
  image: { readonly models: readonly string[]; readonly architecture: string },
): Promise<string[]> {
  const { models } = image;
  if (models.length === 0) {
    return [
      `label ${MODELS_LABEL} is missing: add it with the models this image is for, ` +
        `as LABEL ${MODELS_LABEL}="pc-x86-64"`,
    ];
  }
  const architecture = (await architectureOf(files)) ?? image.architecture;
  const problems: string[] = [];
  for (const model of models) {
    if (!MODEL.test(model)) {
      problems.push(`label ${MODELS_LABEL}: '${model}' is no model name`);
      continue;
    }
    problems.push(...architectureProblems(model, architecture));
    problems.push(...(await kernelMismatch(files, { model, architecture })));
    problems.push(...(await startProblems(files, model)));
    problems.push(...(await kernelProblems(files, model)));
  }
  for (const { path, add } of PROGRAMS) {
    if (exists(files, path)) continue;
    problems.push(`/${path} is missing, and nodes need it to start: ${add}`);
  }
  return [...new Set(problems)];
}

/** That of the first program that tells. */
async function architectureOf(files: ImageFiles): Promise<string | undefined> {
  for (const { path } of PROGRAMS) {
    const found = elfArchitecture((await files.firstBytes(path, 20)) ?? new Uint8Array());
    if (found !== undefined) return found;
  }
  return undefined;
}

function architectureProblems(model: string, architecture: string): string[] {
  const fitting = architecturesOf(model);
  if (architecture === '' || fitting.length === 0 || fitting.includes(architecture)) return [];
  return [
    `its programs are for ${architecture}, which a ${model} cannot run: build it for ${fitting.join(' or ')}` +
      ` (--platform linux/${fitting[0]}), or take ${model} out of label ${MODELS_LABEL}`,
  ];
}

/** `/sbin/init` may be a link to anything inside; a dangling one is as good as none. */
function exists(files: ImageFiles, path: string): boolean {
  return files.hasFile(path) || files.hasFolder(path);
}
