// `node scripts/docs.ts [--check] [--new-baseline]`: makes what is generated in the documentation, or tells that it is out of
// date. Both tell of changes of the API that break clients of the last release.
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pythonCalls } from './clients/python-calls.ts';
import { typescriptCalls } from './clients/typescript-calls.ts';
import { breakingChanges, type Description } from './docs/api-changes.ts';
import { fillTables } from './docs/hardware-tables.ts';
import { htmlPage } from './docs/help-html.ts';
import { $ } from './run.ts';

const ROOT = join(import.meta.dirname, '..');

/** What is generated: where it goes, and how its content is made. */
const PAGES = [
  { path: 'docs/configuration.md', content: configuration },
  { path: 'docs/api.md', content: api },
  { path: 'agent/cli/endpoints.json', content: endpoints },
  { path: 'docs/openapi.json', content: openApi },
  { path: 'clients/python/walt/calls.py', content: python },
  { path: 'clients/typescript/src/calls.ts', content: typescript },
  { path: 'docs/help/settings.md', content: settings },
  { path: 'agent/cli/help-pages.json', content: helpPages },
  { path: 'agent/doc/pages.json', content: docPages },
  { path: 'docs/hardware.md', content: hardware },
] as const;

const BASELINE = 'release/openapi-baseline.json';

await makeLoadable(join(ROOT, 'agent/doc/pages.json'));
const isCheck = process.argv.includes('--check');
for (const { path, content } of PAGES) {
  const wanted = await content();
  if (wanted === (await present(path))) continue;
  if (isCheck) {
    console.error(`${path} is out of date: run node scripts/docs.ts and commit what it writes.`);
    process.exitCode = 1;
  } else {
    await writeFile(join(ROOT, path), wanted);
    console.log(path);
  }
}

if (process.argv.includes('--new-baseline')) {
  await copyFile(join(ROOT, 'docs/openapi.json'), join(ROOT, BASELINE));
}
for (const change of breakingChanges(
  await described(BASELINE),
  await described('docs/openapi.json'),
)) {
  console.error(
    `The API breaks clients of the last release: ${change}. Mend it, or say in CHANGELOG.md that it breaks them ` +
      'and run node scripts/docs.ts --new-baseline.',
  );
  process.exitCode = 1;
}

async function described(path: string): Promise<Description> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

/** The server knows its keys; it is asked, so that nothing of it is imported here. */
async function configuration(): Promise<string> {
  const help = await server('--help-config');
  const notice = '<!-- Made from agent/config/config.ts by scripts/docs.ts. Change it there. -->';
  return `# Configuration\n\n${notice}\n\n${help}\n`;
}

/** It knows its calls as well. */
async function api(): Promise<string> {
  const notice = '<!-- Made from agent/api/calls.ts by scripts/docs.ts. Change it there. -->';
  return `# API\n\n${notice}\n\n${await server('--help-api')}\n`;
}

/** What `walt` has to know of the calls when it runs, so that it carries none of the server's schemas. */
async function endpoints(): Promise<string> {
  return `${await server('--help-api', '--json')}\n`;
}

/** The same for programs of others. */
async function openApi(): Promise<string> {
  return `${await server('--help-api', '--openapi')}\n`;
}

/** Of that, what Python programs call. */
async function python(): Promise<string> {
  return pythonCalls(JSON.parse(await openApi()));
}

async function typescript(): Promise<string> {
  return typescriptCalls(JSON.parse(await openApi()));
}

/** A help page like the others there, but that it is made from the table of settings. */
async function settings(): Promise<string> {
  return `# Settings of nodes and other devices\n\n${await server('--help-settings')}\n`;
}

async function server(...options: readonly string[]): Promise<string> {
  const { stdout } = await $`${process.execPath} ${join(ROOT, 'agent/main.ts')} ${options}`;
  return stdout.trim();
}

/** The pages of `walt help show`, in a form that is bundled into the command, so that it needs no file beside it. */
async function helpPages(): Promise<string> {
  return json(await helpTexts());
}

/** The same in HTML, for the server. */
async function docPages(): Promise<string> {
  const texts = await helpTexts();
  const topics = texts.map(([topic]) => topic);
  return json(texts.map(([topic, text]) => [topic, htmlPage(text, topics)]));
}

function json(entries: readonly (readonly [string, unknown])[]): string {
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Markdown by topic. */
async function helpTexts(): Promise<(readonly [string, string])[]> {
  const folder = join(ROOT, 'docs/help');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).toSorted();
  const entries = files.map(async (file) => {
    return [basename(file, '.md'), await readFile(join(folder, file), 'utf8')] as const;
  });
  return await Promise.all(entries);
}

/** Written by hand, but for its tables. */
async function hardware(): Promise<string> {
  return fillTables(await readFile(join(ROOT, 'docs/hardware.md'), 'utf8'));
}

/** The server, which is asked for its keys, loads this file: one that a merge has spoiled would keep it from starting. */
async function makeLoadable(path: string): Promise<void> {
  try {
    JSON.parse(await readFile(path, 'utf8'));
  } catch {
    await writeFile(path, '{}\n');
  }
}

async function present(path: string): Promise<string | undefined> {
  try {
    return await readFile(join(ROOT, path), 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
