// `npm test [FILE…]`: builds what is out of date, then runs the tests; those that boot machines one file at a time.
// `npm run test:matrix`: the same for test/matrix, boots of more kinds of machines than a quick check has time for.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE, buildersFor } from './builders/builders.ts';
import { prepare } from './builders/prepare.ts';
import { type Failure, failuresText } from './gate/failures.ts';
import { runAgain } from './gate/run-again.ts';
import { runAva } from './gate/run-ava.ts';
import { add, NOTHING, tallyText } from './gate/tap.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const wantsMatrix = args.includes('--matrix');
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--matrix');
const patterns = args.filter((arg) => !arg.startsWith('-'));
const isInMatrix = (file: string) => file.startsWith('test/matrix/');
const files =
  patterns.length > 0
    ? globSync(patterns, { cwd: root })
    : globSync('test/**/*.test.ts', { cwd: root }).filter(
        (file) => isInMatrix(file) === wantsMatrix,
      );
if (files.length === 0) {
  console.error(`Cannot run the tests: no file matches ${patterns.join(' ')}`);
  process.exit(1);
}
const bootsMachines = (file: string) => /^test\/(qemu|matrix)\//.test(file);

const builders = buildersFor(files);
await prepare(root, { builders });
// Not the sources, as where one file is run by ava: it starts in a third of the time, and is what users have.
if (builders.includes(BUNDLE)) {
  process.env.WALT_TESTED_FORM = 'bundled';
}
let tally = NOTHING;
const failures: Failure[] = [];
const runs = [
  // More files at a time than there are processors: half of them wait for something. Machines compute more: two of their
  // files, since one waits for a time limit while the other one computes.
  { files: files.filter((file) => !bootsMachines(file)), minutes: 5, options: ['--concurrency=3'] },
  { files: files.filter(bootsMachines), minutes: 30, options: ['--concurrency=2'] },
];
for (const { files, minutes, ...run } of runs.filter(({ files }) => files.length > 0)) {
  const ava = (files: readonly string[], concurrency: readonly string[]) => {
    const args = [`--timeout=${minutes}m`, ...concurrency, ...options, ...files];
    // Ava's own limit comes first: it names the tests that it waits for.
    return runAva(args, { cwd: root, quietMs: (minutes + 2) * 60_000 });
  };
  const first = await ava(files.toSorted(), run.options);
  const ended = process.env.CI === 'true' ? await runAgain(first, { files, ava }) : first;
  tally = add(tally, ended.tally);
  failures.push(...ended.failures);
}
if (failures.length > 0) console.log(`\nFailed:\n${failuresText(failures)}`);
console.log(tallyText(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
