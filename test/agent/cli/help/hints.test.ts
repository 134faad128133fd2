// Every `walt …` that a text of the server, of the command or of the documentation names is one that exists.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { CATEGORIES } from '../../../../agent/cli/command-line/command.ts';
import { parse } from '../../../../agent/cli/command-line/parse.ts';
import { commands } from '../../../../agent/cli/commands.ts';
import { helpTopics } from '../../../../agent/cli/help/help-pages.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const PLACES = [
  ...['agent/**/*.ts', 'lab/**/*.ts', 'scripts/**/*.ts'],
  ...['boot-artifacts/**/*', 'buildroot-overlay/**/*', 'docs/help/*.md', 'docs/*.md', 'README.md'],
];

const KINDS = Object.keys(CATEGORIES).join('|');
/** The command, and what follows it on its line. */
const HINT = new RegExp(`\\bwalt (${KINDS}) (?!of )([a-z][a-z-]*)((?: [^\\n]*)?)`, 'g');
/** A command in a block of a page. */
const BLOCK = new RegExp(`^ {4,}(?:\\$ )?(?:sudo )?walt (${KINDS}) ([a-z][a-z-]*)(.*)$`, 'gm');
/** Texts that go on in the next line of a source. */
const JOINT = /(['`]) \+\s*['`]/g;
const QUOTED = /(?<= )'[^'\n]+'/g;
/** An option, a place for a word (in capitals, filled in, or in brackets), or its value. */
const WORD =
  /^(--[a-z-]+|\[?[A-Z][A-Z0-9:/…]+\]?|\$\{[^}]*\}|[A-Z]+:\/[a-z/]*|default|boot-local|on|off|cycle|status|\.)$/;

/** Options that the next word is the value of. */
const VALUED = new Set(
  commands.flatMap(({ options = [] }) =>
    options.filter(({ value }) => value !== undefined).map(({ name }) => `--${name}`),
  ),
);

/** The words behind a command that belong to it, and not to the sentence around. */
function wordsOf(rest: string): string[] {
  const [inside = ''] = rest.split(/[`'"()|#<]| {2}|\. |, |; |: /);
  const words: string[] = [];
  for (const word of inside.trim().split(' ')) {
    const bare = word.replace(/(?<=.)[.,;:]$/, '');
    if (!WORD.test(bare) && !VALUED.has(words.at(-1) ?? '')) break;
    words.push(bare.replace(/^\[|\]$/g, ''));
    if (bare !== word) break;
  }
  return words;
}

/** What the parser says against it; undefined where it is right. A hint may leave out all words, as in a list of commands. */
function complaint(category: string, name: string, words: readonly string[]): string | undefined {
  try {
    parse([category, name, ...words], commands);
    return undefined;
  } catch (thrown) {
    const { message } = thrown as Error;
    const isBare = !words.some((word) => !word.startsWith('--'));
    return isBare && message.includes(': missing ') ? undefined : message;
  }
}

test('hints name commands, options and arguments that exist', async (t) => {
  let count = 0;
  const wrong: string[] = [];
  for await (const file of glob(PLACES, { cwd: ROOT })) {
    const text = await readFile(join(ROOT, file), 'utf8').catch(() => '');
    // In pages a quoted word is a value; in sources it may be the rest of the text.
    const joined = file.endsWith('.md') ? text.replace(QUOTED, 'VALUE') : text.replace(JOINT, '');
    for (const [hint, category = '', name = '', rest = ''] of joined.matchAll(HINT)) {
      count += 1;
      const words = wordsOf(rest);
      const said = complaint(category, name, words);
      if (said !== undefined) wrong.push(`${file}: ${hint}: ${said}`);
      const [, topic] = /^ ([a-z][a-z-]+)/.exec(rest) ?? [];
      if (
        `${category} ${name}` === 'help show' &&
        topic !== undefined &&
        !['says', 'tells'].includes(topic)
      ) {
        if (!helpTopics().includes(topic)) wrong.push(`${file}: ${hint}: no such topic`);
      }
    }
  }
  t.deepEqual(wrong, []);
  t.true(count > 60, `only ${count} hints were found`);
});

test('commands in blocks of pages have the options that the pages give them', async (t) => {
  let count = 0;
  const wrong: string[] = [];
  for await (const file of glob(['docs/**/*.md', 'README.md', 'clients/*/README.md'], {
    cwd: ROOT,
  })) {
    const text = await readFile(join(ROOT, file), 'utf8');
    for (const [line, kind, name, rest = ''] of text.matchAll(BLOCK)) {
      count += 1;
      const command = commands.find((one) => one.category === kind && one.name === name);
      const known = new Set(command?.options?.map((option) => `--${option.name}`));
      const [own = ''] = rest.split(/ {2,}|#| -- | && /);
      for (const [option] of own.matchAll(/(?<= )--[a-z][a-z-]+/g)) {
        if (!known.has(option)) wrong.push(`${file}: ${line.trim()}: ${option}`);
      }
    }
  }
  t.deepEqual(wrong, []);
  t.true(count > 100, `only ${count} commands were found`);
});

test('options that help pages name exist', async (t) => {
  const known = new Set(commands.flatMap(({ options = [] }) => options.map(({ name }) => name)));
  for (const name of ['help', 'version', 'system', 'append', 'groups', 'kill-whom', 'signal'])
    known.add(name);
  const server = await readFile(join(ROOT, 'agent/main.ts'), 'utf8');
  for (const [, name = ''] of server.matchAll(/--([a-z][a-z-]+)/g)) known.add(name);
  for await (const file of glob('docs/help/*.md', { cwd: ROOT })) {
    const text = await readFile(join(ROOT, file), 'utf8');
    const lines = text.split('\n').filter((line) => !line.includes('npm run'));
    for (const [, option = ''] of lines.join('\n').matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)) {
      t.true(known.has(option), `${file}: --${option}`);
    }
  }
});

for (const [hint, wrong] of [
  ['walt node shwo', /unknown command 'shwo'/],
  ['walt image duplicate IMAGE NEW --force', /unknown option '--force'/],
  ['walt image rename IMAGE', /missing NEW/],
  ['walt node show NODE NODE', /one word too many/],
  ['walt image gc --unused. See', undefined],
  ['walt node boot or walt node release', undefined],
] as const) {
  test(`the hint '${hint}' is ${wrong === undefined ? 'right' : 'noticed'}`, (t) => {
    const [, category = '', name = '', rest = ''] = new RegExp(HINT.source).exec(hint) ?? [];
    const said = complaint(category, name, wordsOf(rest));
    if (wrong === undefined) t.is(said, undefined);
    else t.regex(said ?? '', wrong);
  });
}
