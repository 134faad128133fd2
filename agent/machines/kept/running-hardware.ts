// What a machine was started with, kept in its folder: the next server finds a running QEMU again by it, and the next start
// tells by it which disks are as they are to be.
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Hardware } from './plan.ts';

/** What a machine was started with. */
export type RunningHardware = {
  readonly hardware: Hardware;
  readonly accelerator: 'kvm' | 'tcg';
};

/** Undefined where nothing was written yet, or what is there is damaged: then as much is known as of a new machine. */
export async function readRunningHardware(path: string): Promise<RunningHardware | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRunningHardware(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A server that is killed meanwhile leaves the old file or the new one, whole. */
export async function writeRunningHardware(path: string, running: RunningHardware): Promise<void> {
  const part = `${path}.part`;
  await writeFile(part, JSON.stringify(running));
  await rename(part, path);
}

function isRunningHardware(value: unknown): value is RunningHardware {
  const { hardware, accelerator } = fieldsOf<RunningHardware>(value);
  const { memoryBytes, cores, firmware, disks, networks } = fieldsOf<Hardware>(hardware);
  return (
    (accelerator === 'kvm' || accelerator === 'tcg') &&
    typeof memoryBytes === 'number' &&
    typeof cores === 'number' &&
    typeof firmware === 'string' &&
    areObjects(disks) &&
    areObjects(networks)
  );
}

function fieldsOf<Whole>(value: unknown): { readonly [Key in keyof Whole]?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}

function areObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}
