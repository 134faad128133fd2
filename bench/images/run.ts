/**
 * `npm run bench:images -- [--write] [--rounds N] [PART ...]`: images from a registry to a booted node, and what people do
 * with them, beside other programs. Only the named parts, or all.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeLab } from '../../lab/lab.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { askedRounds } from '../harness/compare.ts';
import { COMPILER } from '../harness/compile.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { changes } from './parts/changes.ts';
import { dhcpMeanwhile } from './parts/dhcp-meanwhile.ts';
import { memory } from './parts/memory.ts';
import { nodes } from './parts/nodes.ts';
import type { Part } from './parts/part.ts';
import { ready } from './parts/ready.ts';
import { OWNER, REGISTRY, startImageRegistry } from './registry.ts';

const PARTS: readonly Part[] = [ready, changes, memory, dhcpMeanwhile, nodes];
const ROUNDS = 3;
/** Layers of the memory's rows are larger than what a server takes by default. */
const LIMITS = { maxFiles: 200_000, maxGigabytes: 40 };

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
const parts = askedParts(positionals);
if (values.write && parts.length < PARTS.length) {
  throw new RangeError('Cannot write the section: expected all parts with --write');
}
process.env.WALT_USER = OWNER;
await requirePrograms([
  'docker-registry',
  'skopeo',
  'umoci',
  'buildah',
  'apt-get',
  'dpkg-deb',
  COMPILER,
]);
await prepare(join(import.meta.dirname, '../..'));
const text = await measureAll();
console.log(text);
if (values.write) await writeSection('bench images', text);

async function measureAll(): Promise<string> {
  const registries = [{ name: 'lab', address: REGISTRY, http: true }];
  const images = { registries, ...LIMITS };
  const lab = await makeLab('bimages', { images }, { programs: 'bundled' });
  try {
    const stopRegistry = await startImageRegistry(lab);
    try {
      await lab.startServer();
      const tables = [describeMachine()];
      for (const part of parts) tables.push(await part.measure({ lab, rounds }));
      return tables.join('\n\n');
    } finally {
      await stopRegistry();
    }
  } finally {
    await lab.close();
  }
}

function askedParts(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return PARTS;
  return names.map((name) => {
    const part = PARTS.find((one) => one.name === name);
    if (part !== undefined) return part;
    const known = PARTS.map((one) => one.name).join(', ');
    throw new RangeError(`Cannot measure '${name}': expected ${known}`);
  });
}
