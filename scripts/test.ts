// `npm test [FILE…]`: builds what is out of date, then runs the tests; those that boot machines one file at a time.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runAva } from './gate/run-ava.ts';
import { add, NOTHING, tallyText } from './gate/tap.ts';
import { prepare } from './platform/prepare.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const patterns = args.filter((arg) => !arg.startsWith('-'));
const files = globSync(patterns.length === 0 ? ['test/**/*.test.ts'] : patterns, { cwd: root });
if (files.length === 0) {
  console.error(`Cannot run the tests: no file matches ${patterns.join(' ')}`);
  process.exit(1);
}
const bootsMachines = (file: string) => file.startsWith('test/qemu/');
const needsBuild = (file: string) => /^test\/(qemu|loopback)\//.test(file);

if (files.some(needsBuild)) await prepare(root);
let tally = NOTHING;
const runs = [
  { files: files.filter((file) => !bootsMachines(file)), options: ['--timeout=5m'] },
  // Emulated machines share two cores: several at a time would only make each of them slow.
  { files: files.filter(bootsMachines), options: ['--timeout=30m', '--concurrency=1', '--serial'] },
];
for (const run of runs.filter(({ files }) => files.length > 0)) {
  tally = add(
    tally,
    await runAva([...run.options, ...options, ...run.files.toSorted()], { cwd: root }),
  );
}
console.log(tallyText(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
