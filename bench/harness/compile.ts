/** Clients that are to cost less than the servers that they measure are written in C, and compiled when they are needed. */
import { basename, join } from 'node:path';
import { succeed } from '../../lab/programs/run-program.ts';

/** What `compile()` runs: to be looked for first. */
export const COMPILER = 'cc';

/**
 * Compiles a program of one file.
 * @param source path of the file
 * @param folder where the program is put
 * @returns path of the program
 * @throws {Error} with what the compiler said
 */
export async function compile(source: string, folder: string): Promise<string> {
  const name = source.split('/').slice(-2).join('-');
  const program = join(folder, basename(name, '.c'));
  await succeed([COMPILER, '-O2', '-o', program, source]);
  return program;
}
