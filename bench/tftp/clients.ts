/**
 * Many clients in one process, for rows that no foreign client can play. Argument: the wish as JSON. Prints how long
 * all of them together took, in milliseconds; ends with 1 where one failed or read anything but the file.
 */
import { readFile } from 'node:fs/promises';
import { readTftp } from '../../lab/clients/tftp-reader.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';

type Wish = {
  readonly server: string;
  readonly file: string;
  /** The same file, to compare. */
  readonly original: string;
  readonly options: Record<string, number>;
  readonly clients: number;
  readonly lossPercent: number;
  readonly seed: number;
};

const wish: Wish = JSON.parse(process.argv[2] ?? '');
const original = await readFile(wish.original);
const random = randomNumbers(wish.seed);
const isLost = () => random() * 100 < wish.lossPercent;

const begun = performance.now();
await Promise.all(
  Array.from({ length: wish.clients }, async (_, at) => {
    const from = `10.99.${64 + Math.floor(at / 250)}.${1 + (at % 250)}`;
    const { server, file, options } = wish;
    const bytes = await readTftp({ server, file, options, from, isLost });
    if (!bytes.equals(original)) throw new Error(`${server} sent another file`);
  }),
);
console.log(performance.now() - begun);
