// What an image must have to boot a node. Each thing missing is one sentence that says how to add it.
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveInside } from './inside.ts';

export const MODELS_LABEL = 'walt.node.models';

const MODEL = /^[a-z0-9][a-z0-9.-]*$/;

/** Models of label `walt.node.models`. */
export function modelsOf(labels: Readonly<Record<string, string>>): string[] {
  return (labels[MODELS_LABEL] ?? '')
    .split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
}

/** @returns one sentence for each problem; none for a good image */
export async function problemsOf(rootfs: string, models: readonly string[]): Promise<string[]> {
  if (models.length === 0) {
    return [
      `label ${MODELS_LABEL} is missing: add it with the models this image is for, ` +
        `as LABEL ${MODELS_LABEL}="pc-x86-64"`,
    ];
  }
  const problems: string[] = [];
  for (const model of models) {
    if (!MODEL.test(model)) problems.push(`label ${MODELS_LABEL}: '${model}' is no model name`);
    else problems.push(...(await problemsOfStart(rootfs, model)));
  }
  for (const path of ['bin/busybox', 'sbin/init']) {
    if (!(await exists(rootfs, path))) problems.push(`/${path} is missing: nodes need it to start`);
  }
  return problems;
}

async function problemsOfStart(rootfs: string, model: string): Promise<string[]> {
  if (!(await hasStartFile(rootfs, model))) {
    return [
      `/boot/${model}/ has no start file: add ${startFile(model)}, with the kernel and initrd it names`,
    ];
  }
  const script = await resolveInside(rootfs, `boot/${model}/start.ipxe`);
  if (script.kind !== 'file' || (await startsWith(script.path, '#!ipxe'))) return [];
  return [
    `/boot/${model}/start.ipxe is no iPXE script: its first line must be #!ipxe ` +
      '(a BIOS machine would run it as machine code)',
  ];
}

async function startsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(text.length));
    return buffer.subarray(0, bytesRead).toString('latin1') === text;
  } finally {
    await file.close();
  }
}

const START_FILES = ['start.ipxe', 'start.uboot', 'fit-start.uboot', 'fit.uboot', 'cmdline.txt'];

async function hasStartFile(rootfs: string, model: string): Promise<boolean> {
  for (const file of START_FILES) {
    if (await exists(rootfs, `boot/${model}/${file}`)) return true;
  }
  return false;
}

function startFile(model: string): string {
  return model.startsWith('pc-') ? 'start.ipxe' : 'start.uboot';
}

/** `/sbin/init` may be a link to anything inside; a dangling one is as good as none. */
async function exists(rootfs: string, path: string): Promise<boolean> {
  if ((await resolveInside(rootfs, path)).kind === 'file') return true;
  const status = await lstat(join(rootfs, path)).catch(() => undefined);
  return status?.isDirectory() === true;
}
