/** The clients of `clients.c`, as the benches ask for them. */
import { join } from 'node:path';
import { compile } from '../harness/compile.ts';

/** What clients do; what they print is said in `clients.c`. */
export type Wish = {
  readonly clients: number;
  /** Clients that wait for their lease at any time; the next one starts when one has it. */
  readonly atOnce?: number;
  /** Requests in a second; a client makes two. */
  readonly perSecond?: number;
  readonly settleSeconds: number;
};

/** @returns what gives the command line for a wish. @throws {Error} where the compiler fails */
export async function buildClients(folder: string): Promise<(wish: Wish) => string[]> {
  const program = await compile(join(import.meta.dirname, 'clients.c'), folder);
  return ({ clients, atOnce = clients, perSecond, settleSeconds }) => {
    const how =
      perSecond === undefined ? ['rate', clients, atOnce] : ['slowest', clients, perSecond];
    return [program, ...how.map(String), String(settleSeconds)];
  };
}
