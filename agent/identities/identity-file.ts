// An identity on disk, with the boot that was given it last.
import { WaltError } from '../errors.ts';
import { textOf } from '../host/files/text-of.ts';
import { writeWholeFile } from '../host/files/whole-file.ts';
import type { Identity } from './identity.ts';

/** An identity, and the number of the boot that has it. */
export type KeptIdentity = Identity & { readonly boot: number };

const FIELDS = ['hostKey', 'publicKey', 'machineId'] as const;

/** @returns undefined where there is none. @throws {WaltError} if the file was damaged */
export async function readIdentity(path: string): Promise<KeptIdentity | undefined> {
  const text = await textOf(path);
  if (text === '') return undefined;
  const kept = parsed(text);
  if (isIdentity(kept)) return kept;
  throw new WaltError(
    `Cannot read the identity of a node: ${path} is damaged. Delete it, and the node gets a new host key`,
  );
}

/** The old content or the new one is on disk, and root alone may read it. */
export function writeIdentity(path: string, kept: KeptIdentity): Promise<void> {
  return writeWholeFile(path, `${JSON.stringify(kept)}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isIdentity(value: unknown): value is KeptIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Partial<Record<string, unknown>> = { ...value };
  return typeof fields.boot === 'number' && FIELDS.every((key) => typeof fields[key] === 'string');
}
