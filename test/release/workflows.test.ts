// The workflows are as GitHub wants them, and leave all work to commands that people have, too.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Parser = typeof import('@actions/workflow-parser');

const FOLDER = join(import.meta.dirname, '../../.github/workflows');

/** What a step may run. */
const COMMANDS = [
  /^apt-get update && apt-get install --yes --no-install-recommends [a-z -]+$/,
  /^git config --global --add safe\.directory "\$GITHUB_WORKSPACE"$/,
  /^npm ci$/,
  /^npm run (images|release)( -- [^;&|]*)?$/,
  /^\.ci\/run$/,
  /^sha256sum --check --strict SHA256SUMS$/,
  /^gh release create [^;&|]*$/,
];

type Step = { readonly uses?: string; readonly run?: string; readonly env?: object };
type Job = { readonly steps: readonly Step[]; readonly 'timeout-minutes'?: number };
type Workflow = { readonly permissions?: object; readonly jobs: Readonly<Record<string, Job>> };

async function texts(): Promise<[name: string, content: string][]> {
  const names = (await readdir(FOLDER)).toSorted();
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(FOLDER, name), 'utf8')] as const),
  ).then((all) => all.map(([name, content]) => [name, content]));
}

/** GitHub's parser imports its schema in a way that Node.js refuses, so it is bundled. */
async function openParser(t: ExecutionContext) {
  const outfile = join(await temporaryFolder(t), 'parser.mjs');
  const entry = fileURLToPath(import.meta.resolve('@actions/workflow-parser'));
  const require = `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);`;
  await build({
    ...{ entryPoints: [entry], bundle: true, format: 'esm', platform: 'node', outfile },
    banner: { js: require },
  });
  const { NoOperationTraceWriter, parseWorkflow }: Parser = await import(outfile);
  return (name: string, content: string): string[] => {
    const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    return context.errors.getErrors().map(({ message }) => message);
  };
}

test("workflows are what GitHub's own schema says", async (t) => {
  const errorsOf = await openParser(t);
  const all = await texts();
  t.deepEqual(
    all.map(([name]) => name),
    ['ci.yml', 'release.yml'],
  );
  for (const [name, content] of all) t.deepEqual(errorsOf(name, content), [], name);
});

test('a workflow with a mistake is found', async (t) => {
  const errorsOf = await openParser(t);
  const [[name = '', content = ''] = []] = await texts();
  t.regex(errorsOf(name, content.replace('runs-on', 'run-on')).join(), /run-on/);
  t.regex(errorsOf(name, content.replace('contents: read', 'contents: all')).join(), /all/);
});

test('workflows run commands of the project, with no logic of their own', async (t) => {
  for (const [name, content] of await texts()) {
    const { permissions, jobs } = parse(content) as Workflow;
    t.truthy(permissions, `${name} says what it may`);
    for (const [job, { steps, 'timeout-minutes': minutes }] of Object.entries(jobs)) {
      t.truthy(minutes, `${name}: ${job} ends`);
      for (const { run, uses } of steps) {
        if (uses !== undefined) t.regex(uses, /^actions\/[a-z-]+@v\d+$/, `${name}: ${uses}`);
        else
          t.true(
            COMMANDS.some((command) => command.test(run ?? '')),
            `${name}: ${run}`,
          );
      }
    }
  }
});

test('the key reaches the one step that signs, and no workflow of a branch', async (t) => {
  for (const [name, content] of await texts()) {
    const { jobs } = parse(content) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const withKey = steps.filter((step) => JSON.stringify(step).includes('secrets.'));
    t.deepEqual(
      withKey.map(({ run }) => run?.split(' --')[0]),
      name === 'release.yml' ? ['npm run release'] : [],
    );
  }
});
