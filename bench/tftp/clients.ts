/** The clients of `clients.c`, as the bench asks for them. */
import { join } from 'node:path';
import { compile } from '../harness/compile.ts';

/** Who reads what; what they print is said in `clients.c`. */
export type Wish = {
  readonly server: string;
  readonly file: string;
  /** The same file, to compare. */
  readonly original: string;
  readonly options: { readonly blksize: number; readonly windowsize?: number };
  readonly clients: number;
  readonly lossPercent: number;
  readonly seed: number;
};

/** @returns what gives the command line for a wish. @throws {Error} where the compiler fails */
export async function buildClients(folder: string): Promise<(wish: Wish) => string[]> {
  const program = await compile(join(import.meta.dirname, 'clients.c'), folder);
  return ({ server, file, original, options, clients, lossPercent, seed }) => {
    const { blksize, windowsize = 1 } = options;
    const numbers = [blksize, windowsize, clients, lossPercent, seed];
    return [program, server, file, original, ...numbers.map(String)];
  };
}
