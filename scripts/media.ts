// `npm run media -- <name>…`: builds boot media into release/dist/.
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { placesOf } from './inputs/fetch.ts';
import { buildMedium } from './media/build.ts';
import { keptMedium } from './media/kept-medium.ts';
import { noteInputs } from './media/media-inputs.ts';
import { type MediaOption, type Medium, mediaOptions } from './media/medium.ts';
import { media } from './media/table.ts';
import { sentenceOf } from './run.ts';
import { type Plan, printPlan } from './steps/plan.ts';

const ROOT = join(import.meta.dirname, '..');

const HELP = `Usage: npm run media -- NAME… [OPTION]…

Builds boot media into release/dist/.

Media:
${media.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}

Options:
${media.flatMap(optionLines).join('\n')}
  --dry-run         print what would be done, and do nothing
  --force           build what lies there as it was built, too
  --help            show this

Environment:
  WALT_CACHE   folder that keeps downloaded inputs (default ~/.cache/walt)
  WALT_MIRROR  folder with inputs that cannot be downloaded here
`;

const variantOptions = Object.fromEntries(
  mediaOptions.map((option) => [option, { type: 'boolean' }]),
) as Record<MediaOption, { type: 'boolean' }>;

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      force: { type: 'boolean' },
      help: { type: 'boolean' },
      ...variantOptions,
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const chosen = choose(positionals);
  const asked = mediaOptions.filter((option) => values[option]);
  for (const plan of chosen.flatMap((medium) => plansOf(medium, asked))) {
    if (values['dry-run']) console.log(printPlan(plan));
    else await build(plan, values.force ?? false);
  }
}

/** The medium itself, unless a variant takes its place; then what is added to it. */
function plansOf({ name, plan, variants = [] }: Medium, asked: readonly MediaOption[]): Plan[] {
  const found = asked.map((option) => {
    const variant = variants.find((candidate) => candidate.option === option);
    if (variant) return variant;
    throw new Error(`Cannot build medium ${name}: it has no variant --${option}`);
  });
  const instead = found.filter(({ isAddition }) => !isAddition);
  if (instead.length > 1) {
    const options = instead.map(({ option }) => `--${option}`).join(' and ');
    throw new Error(`Cannot build medium ${name}: ${options} exclude one another`);
  }
  const first = instead[0] ?? { plan };
  return [first, ...found.filter(({ isAddition }) => isAddition)].map((item) => item.plan(asked));
}

function optionLines({ name, variants = [] }: Medium): string[] {
  return variants.map(({ option, summary }) => `  --${option.padEnd(16)}${name}: ${summary}`);
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

async function build(plan: Plan, force: boolean): Promise<void> {
  const options = {
    root: ROOT,
    places: placesOf(process.env, ROOT),
    to: join(ROOT, 'release/dist'),
    path: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
  };
  const make = () => buildMedium(plan, options);
  const { file, bytes, sha256 } = await (force ? make() : keptMedium(plan, options, make));
  await noteInputs(file, ROOT);
  console.log(`${relative(ROOT, file)}  ${bytes} bytes  sha256:${sha256}`);
}
