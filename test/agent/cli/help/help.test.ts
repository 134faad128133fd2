import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse } from '../../../../agent/cli/command-line/parse.ts';
import { commands } from '../../../../agent/cli/commands.ts';
import { helpPage, helpTopics, titleOf } from '../../../../agent/cli/help/help-pages.ts';
import { commandHelp, overview } from '../../../../agent/cli/help/help-text.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';

const ROOT = join(import.meta.dirname, '../../../..');

async function walt(...args: string[]) {
  return await runProgram([process.execPath, WALT, ...args]);
}

test('overview() names every command', (t) => {
  const text = overview(commands);
  for (const { name, help } of commands) t.true(text.includes(name) && text.includes(help));
});

test('commandHelp() names every argument and option', (t) => {
  for (const command of commands) {
    const text = commandHelp(command);
    for (const { name, help } of [...(command.arguments ?? []), ...(command.options ?? [])]) {
      t.true(text.includes(name) && text.includes(help), `${command.name} ${name}`);
    }
  }
});

test('helpPage() has each page of docs/help, with a title', (t) => {
  const files = readdirSync(join(ROOT, 'docs/help')).map((file) => file.replace(/\.md$/, ''));
  t.deepEqual(helpTopics(), files.toSorted());
  for (const topic of helpTopics()) t.not(titleOf(helpPage(topic) ?? ''), '', topic);
  t.is(helpPage('toString'), undefined);
});

/** Indented lines and code spans that begin with `walt`, without their shell prompt. */
function examplesIn(page: string): string[] {
  const indented = [...page.matchAll(/^ {4,}(?:\$ )?walt (.+?)(?: {2,}.*)?$/gm)];
  const spans = [...page.matchAll(/`walt ([^`]+)`/g)];
  return [...indented, ...spans].map(([, words]) => words ?? '');
}

test('help pages show only command lines that walt understands', (t) => {
  const examples = helpTopics().flatMap((topic) => examplesIn(helpPage(topic) ?? ''));
  t.true(examples.length > 20);
  for (const example of examples) {
    for (const line of example.split(/ && walt /)) {
      const argv: string[] = line.match(/'[^']*'|\S+/g) ?? [];
      t.notThrows(() => parse(argv, commands), `walt ${line}`);
    }
  }
});

test('help pages name only topics that have a page', (t) => {
  for (const topic of helpTopics()) {
    const page = helpPage(topic) ?? '';
    for (const [, other = ''] of page.matchAll(/walt help show ([a-z-]+)/g)) {
      t.not(helpPage(other), undefined, `${topic} names ${other}`);
    }
  }
});

test.serial('walt help show prints the first page, and any other by its topic', async (t) => {
  const first = await walt('help', 'show');
  t.is(first.code, 0);
  t.is(first.said.trim(), (helpPage('help-intro') ?? '').trim());
  t.is((await walt('help', 'show', 'logs')).said.trim(), (helpPage('logs') ?? '').trim());
});

test.serial('walt help show of an unknown topic lists the topics and fails', async (t) => {
  const { code, said } = await walt('help', 'show', 'log');
  t.is(code, 1);
  t.regex(said, /no help page on 'log'.*'logs'\?\nTopics: .*troubleshooting/s);
});

test.serial('walt help list has every topic, as JSON too', async (t) => {
  const { said } = await walt('help', 'list');
  for (const topic of helpTopics()) t.true(said.includes(topic));
  const { pages } = JSON.parse((await walt('help', 'list', '--json')).said);
  t.deepEqual(
    pages.map(({ topic }: { topic: string }) => topic),
    helpTopics(),
  );
});

test.serial('walt advanced dump-bash-autocomplete teaches a real bash', async (t) => {
  const complete = async (...words: string[]) => {
    const script = `
      walt() { "$node" ${WALT} "$@"; }
      eval "$(walt advanced dump-bash-autocomplete)"
      COMP_LINE="walt $*"; COMP_POINT=\${#COMP_LINE}; _walt; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const node = `node=${process.execPath}`;
    const { said } = await runProgram(['env', node, 'bash', '-c', script, 'bash', ...words]);
    return said.trim().split('\n');
  };
  t.deepEqual(await complete('no'), ['node']);
  t.deepEqual(await complete('node', ''), [
    'show',
    'create',
    'remove',
    'acquire',
    'boot',
    'deploy',
    'release',
    'wait',
    'reboot',
    'power',
    'config',
    'rename',
    'ping',
    'shell',
    'run',
    'cp',
    'save',
    'console',
    'expose',
    'blink',
    '--help',
  ]);
  t.deepEqual(await complete('log', 'show', '--hi'), ['--history']);
  t.deepEqual(await complete('help', 'show', 'tr'), ['troubleshooting']);
});

test('scripts/docs.ts --check finds the generated files current', async (t) => {
  const { code, said } = await runProgram([
    process.execPath,
    join(ROOT, 'scripts/docs.ts'),
    '--check',
  ]);
  t.is(code, 0, said);
});
