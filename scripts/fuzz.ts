// `npm run fuzz [-- SEED [TARGET]]`: damaged packets by the million into decoders, the transfer and live sockets, and
// damaged layers, archives, indexes and manifests into the readers of images.
// Everything follows from the seed, so the same command finds the same fault again.
import { join } from 'node:path';
import { $ } from './run.ts';

/** The rounds of the long run, by target of `test/fuzz/targets.ts`. */
const rounds = {
  'dhcp-decoder': 1_000_000,
  'tftp-decoder': 1_000_000,
  'tftp-transfer': 1_000_000,
  'layer-archives': 100_000,
  'layer-trees': 300,
  'dhcp-socket': 100_000,
  'tftp-sockets': 200_000,
  'ipxe-scripts': 300_000,
  'grub-requests': 2_000_000,
  'bootup-sockets': 50_000,
  'log-lines': 1_000_000,
  'http-sockets': 100_000,
  'image-documents': 500_000,
  'image-archives': 50_000,
  'image-headers': 2_000_000,
};

const root = join(import.meta.dirname, '..');
const [seed = String(Date.now() % 1_000_000_000), only] = process.argv.slice(2);
let failed = 0;
for (const [target, count] of Object.entries(rounds)) {
  if (only !== undefined && only !== target) continue;
  const program = join(root, 'test/fuzz/run.ts');
  const run = await $({ nothrow: true })`node --expose-gc ${program} ${target} ${count} ${seed}`;
  console.log(run.exitCode === 0 ? run.stdout.trim() : `${run.stdout}${run.stderr}`);
  if (run.exitCode === 0) continue;
  failed += 1;
  console.log(`${target} failed; again: npm run fuzz -- ${seed} ${target}`);
}
console.log(`seed ${seed}; the same packets again: npm run fuzz -- ${seed}`);
process.exitCode = failed === 0 ? 0 : 1;
