// `npm run media -- <name>…`: builds boot media into release/dist/.
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { placesOf } from './fetch.ts';
import { buildMedium } from './media/build.ts';
import type { Medium } from './media/medium.ts';
import { media } from './media/table.ts';
import { printPlan } from './plan.ts';

const ROOT = join(import.meta.dirname, '..');

const HELP = `Usage: npm run media -- NAME… [--dry-run]

Builds boot media into release/dist/.

Media:
${media.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}

Options:
  --dry-run  print what would be done, and do nothing
  --help     show this

Environment:
  WALT_CACHE   folder that keeps downloaded inputs (default ~/.cache/walt)
  WALT_MIRROR  folder with inputs that cannot be downloaded here
`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const chosen = choose(positionals);
  for (const medium of chosen) {
    if (values['dry-run']) console.log(printPlan(medium.plan()));
    else await build(medium);
  }
}

function choose(names: readonly string[]): Medium[] {
  const known = media.map(({ name }) => name).join(', ');
  if (names.length === 0)
    throw new Error(`Cannot build: no medium named, expected any of ${known}`);
  return names.map((name) => {
    const medium = media.find((candidate) => candidate.name === name);
    if (medium) return medium;
    throw new Error(
      `Cannot build medium ${name}: there is no such medium, expected any of ${known}`,
    );
  });
}

async function build({ plan }: Medium): Promise<void> {
  const { file, bytes, sha256 } = await buildMedium(plan(), {
    root: ROOT,
    places: placesOf(process.env, ROOT),
    to: join(ROOT, 'release/dist'),
    path: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
  });
  console.log(`${relative(ROOT, file)}  ${bytes} bytes  sha256:${sha256}`);
}
