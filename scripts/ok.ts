// `npm run ok`, the gate: format, lint, import directions, doc comments, named files, types, generated docs, shell scripts and the quick tests.
// `--without-tests` leaves the tests out, for who runs all of them next.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, runChecks } from './gate/run-checks.ts';
import { shellScripts } from './gate/shell-scripts.ts';
import { tallyText } from './gate/tap.ts';

const root = join(import.meta.dirname, '..');
const checks: Check[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'import directions', command: ['node', 'scripts/gate/import-directions.ts'] },
  { name: 'doc comments', command: ['node', 'scripts/gate/doc-comments.ts'] },
  { name: 'named files', command: ['node', 'scripts/gate/named-files.ts'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the page', command: ['tsc', '--noEmit', '-p', 'page'] },
  { name: 'types of the client', command: ['tsc', '--noEmit', '-p', 'clients/typescript'] },
  {
    name: 'shell scripts',
    command: ['shellcheck', '--external-sources', ...(await shellScripts(root))],
  },
];
if (existsSync(join(root, 'scripts/docs.ts'))) {
  checks.push({ name: 'generated docs', command: ['node', 'scripts/docs.ts', '--check'] });
}
if (!process.argv.includes('--without-tests')) {
  checks.push({ name: 'quick tests', command: ['npm', 'run', '--silent', 'test:unit'] });
}

const tally = await runChecks(checks, { cwd: root });
console.log(tallyText(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
