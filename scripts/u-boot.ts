// `node scripts/u-boot.ts [NAME…] [--debug]`: builds U-Boots and prints where each is, for whoever tries one in QEMU.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type UBootName, uBoots } from './boards.ts';
import { placesOf } from './inputs/fetch.ts';
import { buildUBoots } from './u-boot/build.ts';

const root = join(import.meta.dirname, '..');
const known = Object.keys(uBoots) as UBootName[];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { debug: { type: 'boolean', default: false } },
});
const names = positionals.length === 0 ? known : positionals.map(nameOf);
const folders = await buildUBoots(names, {
  root,
  places: placesOf(process.env, root),
  isDebug: values.debug,
});
for (const name of names) console.log(`${name}  ${join(folders[name], 'u-boot.bin')}`);

function nameOf(text: string): UBootName {
  const name = known.find((candidate) => candidate === text);
  if (name) return name;
  throw new Error(
    `Cannot build U-Boot ${text}: there is no such one, expected any of ${known.join(', ')}`,
  );
}
