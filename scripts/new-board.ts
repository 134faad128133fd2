// `npm run boards`: the kinds of boards that there are; with --check, what one of them still lacks to boot.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boards } from './boards.ts';
import { recipes } from './images/recipes.ts';
import { checkBoard } from './new-board/check-board.ts';
import { findingLines } from './new-board/finding.ts';
import { sentenceOf } from './run.ts';

const HELP = `Usage: npm run boards                          list the kinds of boards
       npm run boards -- --check [MODEL…]      what they lack to boot; all of them unless named
       npm run boards -- --check MODEL --image IMAGE

IMAGE is an OCI archive (.tar), or the folder of a root file system; what npm run images makes unless given.
docs/new-board.md leads through adding a board.`;

const top = join(import.meta.dirname, '..');

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(sentenceOf(error));
  process.exitCode = 1;
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      check: { type: 'boolean' },
      image: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!values.check) {
    if (positionals.length > 0 || values.image !== undefined) throw new Error(HELP);
    for (const { model, title } of boards) console.log(`${model.padEnd(18)}${title}`);
    return 0;
  }
  if (values.image !== undefined && positionals.length !== 1) {
    throw new Error(`Cannot check an image: --image wants one model\n${HELP}`);
  }
  const models = positionals.length > 0 ? positionals : boards.map(({ model }) => model);
  const { image } = values;
  let missing = 0;
  for (const model of models) {
    const options = image === undefined ? {} : { image };
    const findings = await checkBoard(model, { top, boards, recipes }, options);
    missing += findings.filter(({ remedy }) => remedy !== undefined).length;
    console.log([model, ...findingLines(findings)].join('\n'));
  }
  return missing === 0 ? 0 : 1;
}
