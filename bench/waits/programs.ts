// How much the programs of a release compute until they have started, beside an empty program, with the compiled code that Node.js
// kept of an earlier start (NODE_COMPILE_CACHE) and without.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../harness/compare.ts';
import { plainTable } from '../harness/table.ts';
import { computing } from './processor-time.ts';

const DIST = join(import.meta.dirname, '../../release/dist');
const CACHE = 'NODE_COMPILE_CACHE';
const HEAD = ['program', 'nothing kept', 'compiled code kept', 'of an empty one', 'kept of not'];

/** @param folder for what is kept. @returns a table */
export async function measurePrograms(folder: string, rounds: number): Promise<string> {
  const config = join(folder, 'server.yaml');
  await writeFile(config, '');
  const server = join(DIST, 'walt-server');
  const programs = [
    { shown: 'node, an empty program', argv: [process.execPath, '-e', '0'] },
    { shown: 'walt --help', argv: [join(DIST, 'walt'), '--help'] },
    { shown: 'walt-server --check-config', argv: [server, '--config', config, '--check-config'] },
  ];
  const rows: string[][] = [];
  let empty: number | undefined;
  for (const { shown, argv } of programs) {
    const { without, kept } = await compare(argv, { folder, rounds });
    empty ??= without;
    const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
    const ratios = [without / empty, kept / without].map((ratio) => ratio.toFixed(2));
    rows.push([shown, ms(without), ms(kept), ...ratios]);
  }
  return plainTable(HEAD, rows);
}

type Place = { readonly folder: string; readonly rounds: number };

async function compare(argv: readonly string[], { folder, rounds }: Place) {
  const cached = ['env', `${CACHE}=${join(folder, 'cache')}`, ...argv];
  const plain = ['env', '--unset', CACHE, ...argv];
  // The first start keeps what the others find.
  await computing(cached);
  const [kept, without]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    without.push(await computing(plain));
    kept.push(await computing(cached));
  }
  return { without: median(without), kept: median(kept) };
}
