// Tells what a kind of board still lacks to boot: its row, its folder, its recipe, and what has to be in its image.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactsOf, type Board } from '../boards.ts';
import { startText } from '../images/boot/boot-folder.ts';
import type { ImageRecipe } from '../images/recipe.ts';
import { imageFindings } from './check-image.ts';
import type { Finding } from './finding.ts';

/** What is looked at: the tables, and the folder that has boot-artifacts/ and release/. */
export type Project = {
  readonly top: string;
  readonly boards: readonly Board[];
  readonly recipes: readonly ImageRecipe[];
};

/** As images are held to by the server. */
const MODEL = /^[a-z0-9][a-z0-9.-]*$/;

/**
 * One finding for each thing that a board has or lacks, in the order in which they are made; what cannot be told
 * before something else is there is left out.
 */
export async function checkBoard(
  model: string,
  project: Project,
  {
    image,
  }: {
    /** archive or root file system; what `npm run images` makes unless given */ readonly image?: string;
  } = {},
): Promise<Finding[]> {
  const board = project.boards.find((row) => row.model === model);
  if (!MODEL.test(model)) {
    const remedy = 'take small letters, digits, dots and dashes, as in walt.node.<model>';
    return [{ what: `name ${model}`, remedy }];
  }
  const findings = [rowFinding(model, board)];
  if (board !== undefined) findings.push(await folderFinding(board, project));
  const recipe = project.recipes.find(({ name }) => name === board?.image);
  if (board !== undefined) findings.push(recipeFinding(board, recipe));
  if (recipe !== undefined) findings.push(...(await startFindings(model, recipe, project)));
  const path = image ?? (recipe && `release/dist/images/${recipe.name}.oci.tar`);
  if (path === undefined) return findings;
  const from = image === undefined ? project.top : '.';
  return [...findings, ...(await imageFindings(path, { from, model, recipe }))];
}

function rowFinding(model: string, board: Board | undefined): Finding {
  const what = 'row in scripts/boards.ts';
  if (board !== undefined) return { what: `${what}: ${board.title}` };
  return { what, remedy: `add one with model: '${model}'; docs/new-board.md shows which fields` };
}

async function folderFinding(board: Board, { top }: Project): Promise<Finding> {
  const path = `${artifactsOf(board)}/README.md`;
  if (await isThere(join(top, path))) return { what: path };
  const remedy = 'write how the boot loader announces the model and gets its start file';
  return { what: path, remedy };
}

function recipeFinding({ image, model, architecture }: Board, recipe?: ImageRecipe): Finding {
  const what = `recipe ${image} in scripts/images/recipes.ts`;
  if (recipe === undefined) {
    return { what, remedy: `add a row '${image}', or let the board name a recipe that suits it` };
  }
  if (recipe.architecture === architecture) return { what };
  const remedy = `it is for ${recipe.architecture}, and ${model} is ${architecture}: name another one`;
  return { what, remedy };
}

async function startFindings(
  model: string,
  { start, models }: ImageRecipe,
  { top }: Project,
): Promise<Finding[]> {
  const before = start.file === 'start.uboot' && start.before ? [start.before] : [];
  const console = models.find((row) => row.model === model)?.console ?? '';
  const values = { MODEL: model, CONSOLE: console, START: 'booti' };
  return await Promise.all(
    [...before, start.template].map(async (path): Promise<Finding> => {
      const text = await readFile(join(top, path), 'utf8').catch(() => undefined);
      if (text === undefined) return { what: path, remedy: `write it: it becomes ${start.file}` };
      try {
        startText(text, values);
        return { what: `${path}, for ${start.file}` };
      } catch (thrown) {
        const remedy = thrown instanceof Error ? thrown.message : String(thrown);
        return { what: path, remedy };
      }
    }),
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
