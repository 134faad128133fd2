// docs/new-board.md, done step by step by somebody who has nothing yet: after each, the check names the next thing.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import test, { type ExecutionContext } from 'ava';
import { type Board, boards } from '../../../scripts/boards.ts';
import { kernels } from '../../../scripts/images/boot/kernels.ts';
import { writeOciArchive } from '../../../scripts/images/oci-archive.ts';
import { makeRecipes, type RecipeRows, recipeRows } from '../../../scripts/images/recipes.ts';
import { checkBoard } from '../../../scripts/new-board/check-board.ts';
import { findingLines } from '../../../scripts/new-board/finding.ts';
import { $ } from '../../../scripts/run.ts';
import { codeBlocks } from '../../support/docs-page.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = 'docs/new-board.md';
const MODEL = 'qemu-arm64';
const IMAGE = 'release/dist/images/rpi-arm64.oci.tar';
const TEMPLATE = 'boot-artifacts/images/arm/start.uboot';
const UBOOT = { file: 'start.uboot', template: TEMPLATE };

/** The fragments of the page, as the tables would have them. */
async function fragments(): Promise<{ readonly row: Board; readonly recipe: RecipeRows }> {
  const [row = '', recipe = ''] = await codeBlocks(PAGE, 'ts');
  return {
    row: runInNewContext(`(${row})`),
    recipe: runInNewContext(`({${recipe}})`, { kernels, UBOOT }),
  };
}

/** JSON has no prototypes, of which a fragment has others. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test("the page's fragments are what the tables have", async (t) => {
  const { row, recipe } = await fragments();
  t.deepEqual(
    plain(row),
    boards.find(({ model }) => model === MODEL),
  );
  t.deepEqual(plain(recipe), { 'rpi-arm64': plain(recipeRows['rpi-arm64']) });
});

test('from nothing, step by step as the page says, the check names what is missing, until nothing is', async (t) => {
  const top = await temporaryFolder(t);
  const { row, recipe } = await fragments();
  const next = async (known: readonly Board[], rows: RecipeRows) => {
    const recipes = makeRecipes(known, rows);
    const findings = await checkBoard(MODEL, { top, boards: known, recipes });
    return findings.filter(({ remedy }) => remedy !== undefined).map(({ what }) => what);
  };
  const copy = async (path: string) => {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await cp(join(ROOT, path), join(top, path));
  };

  t.deepEqual(await next([], {}), ['row in scripts/boards.ts']);
  const folder = 'boot-artifacts/qemu/README.md';
  const named = 'recipe rpi-arm64 in scripts/images/recipes.ts';
  t.deepEqual(await next([row], {}), [folder, named]);
  await copy(folder);
  t.deepEqual(await next([row], {}), [named]);
  t.deepEqual(await next([row], recipe), [TEMPLATE, `image ${IMAGE}`]);
  await copy(TEMPLATE);
  t.deepEqual(await next([row], recipe), [`image ${IMAGE}`]);

  await writeImage(join(top, IMAGE), { models: 'rpi-4-b', files: ['start.uboot', 'kernel'] });
  t.deepEqual(await next([row], recipe), [
    'label walt.node.models of the image',
    '/boot/qemu-arm64/initrd',
  ]);
  await writeImage(join(top, IMAGE), {
    ...{ models: `rpi-4-b,${MODEL}`, files: ['start.uboot', 'kernel', 'initrd'] },
  });
  t.deepEqual(await next([row], recipe), []);
  const recipes = makeRecipes([row], recipe);
  const lines = findingLines(await checkBoard(MODEL, { top, boards: [row], recipes }));
  const shown = (await codeBlocks(PAGE, '')).find((block) => block.startsWith('$ npm run boards'));
  t.is(shown, [`$ npm run boards -- --check ${MODEL}`, MODEL, ...lines, ''].join('\n'));
});

async function writeImage(
  archive: string,
  { models, files }: { readonly models: string; readonly files: readonly string[] },
): Promise<void> {
  const root = `${archive}.root`;
  await mkdir(join(root, 'boot', MODEL), { recursive: true });
  for (const file of files) await writeFile(join(root, 'boot', MODEL, file), file);
  const labels = { 'walt.node.models': models };
  const image = { reference: 'a/b:latest', architecture: 'arm64', labels, created: new Date(0) };
  await writeOciArchive(archive, { root, image, scratch: `${archive}.scratch` });
}

const devices: Board = {
  ...{ family: 'u-boot', folder: 'coral', model: 'with-tree', title: 'A board with a tree' },
  ...{
    architecture: 'arm64',
    image: 'with-tree',
    console: 'ttyS0',
    kernelTrees: ['maker/tree.dtb'],
  },
};

test('a root file system that is not packed is checked too, device trees included', async (t) => {
  const image = await temporaryFolder(t);
  await mkdir(join(image, 'boot/with-tree'), { recursive: true });
  const start = { ...UBOOT, file: 'start.uboot', command: 'booti' } as const;
  const recipes = makeRecipes([devices], { 'with-tree': { kernel: kernels.arm64, start } });
  const project = { top: ROOT, boards: [devices], recipes };
  const missing = async () =>
    (await checkBoard('with-tree', project, { image })).filter(({ remedy }) => remedy);
  const files = ['start.uboot', 'kernel', 'initrd', 'maker/tree.dtb'];
  t.deepEqual(
    (await missing()).map(({ what }) => what),
    files.map((file) => `/boot/with-tree/${file}`),
  );
  for (const file of files) {
    const path = join(image, 'boot/with-tree', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
  }
  t.deepEqual(await missing(), []);
});

test('a recipe for another processor is named, and so is a name that no model may have', async (t) => {
  const recipes = makeRecipes(boards, recipeRows);
  const [pc] = boards.filter(({ model }) => model === 'pc-x86-64');
  const wrong = { ...pc, image: 'rpi-arm64' } as Board;
  const findings = await checkBoard('pc-x86-64', { top: ROOT, boards: [wrong], recipes });
  t.regex(findings[2]?.remedy ?? '', /it is for arm64, and pc-x86-64 is amd64/);
  t.like(await checkBoard('Foo Bar', { top: ROOT, boards, recipes }), [{ what: 'name Foo Bar' }]);
});

const boardsCommand = (...args: string[]) =>
  $({ nothrow: true })`${process.execPath} ${join(ROOT, 'scripts/new-board.ts')} ${args}`;

test('npm run boards lists the boards, and ends with 1 where something is missing', async (t) => {
  t.regex((await boardsCommand()).stdout, /^qemu-arm64 +QEMU virt, 64-bit ARM$/m);
  const { stdout, exitCode } = await boardsCommand('--check', 'foo');
  t.is(exitCode, 1);
  t.is(
    stdout,
    "foo\n  MISSING  row in scripts/boards.ts: add one with model: 'foo'; docs/new-board.md shows which fields\n",
  );
  t.is((await boardsCommand('--check', '--image', 'x')).exitCode, 1);
});

test('every board of ours has its folder and its recipe', async (t) => {
  const recipes = makeRecipes(boards, recipeRows);
  for (const { model } of boards) {
    // Whether its image was built here is another matter.
    const image = '/nowhere.tar';
    const findings = await checkBoard(model, { top: ROOT, boards, recipes }, { image });
    const missing = findings.filter(({ remedy }) => remedy !== undefined);
    t.deepEqual(
      missing.map(({ what }) => what),
      [`image ${image}`],
      model,
    );
  }
});

test('the help of the server and the page agree', async (t) => {
  const help = await readFile(join(ROOT, 'docs/help/new-node-support.md'), 'utf8');
  const page = await readFile(join(ROOT, PAGE), 'utf8');
  checkSaid(t, { help, page });
});

/** What a reader of either has to come upon; the help says MODEL where the page has its example. */
const SAID = [
  'walt.node.MODEL` as DHCP vendor class (option 60) or user class (option 77)',
  'start.uboot',
  'start.ipxe',
  'siaddr',
  'walt.node.models',
  '/boot/MODEL/',
  'no image for model MODEL yet',
  'new node (device type previously unknown)',
  'npm run boards -- --check MODEL',
];

function checkSaid(t: ExecutionContext, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    const words = text.replaceAll(MODEL, 'MODEL').replace(/\s+/g, ' ');
    for (const said of SAID) t.true(words.includes(said), `${name}: ${said}`);
  }
}
