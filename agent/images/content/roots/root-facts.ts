// What is said of a root, in a file beside it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootForm } from './make-root.ts';

/** What is said of a root beside it. */
export type RootFacts = {
  readonly form: RootForm;
  readonly size: number;
  readonly isTemplated: boolean;
  /** diff IDs of its layers, lowest first */
  readonly layers: readonly string[];
};

const FACTS = 'root.json';

/** @param folder of the root */
export async function writeFacts(folder: string, facts: RootFacts): Promise<void> {
  await writeFile(join(folder, FACTS), JSON.stringify(facts), { flush: true });
}

/** @param text of the file that `writeFacts` wrote */
export function parseFacts(text: string): RootFacts {
  return JSON.parse(text) as RootFacts;
}

/** The file that `writeFacts` writes. */
export function factsFile(folder: string): string {
  return join(folder, FACTS);
}
