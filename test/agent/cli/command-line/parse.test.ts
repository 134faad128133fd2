import test from 'ava';
import type { Command } from '../../../../agent/cli/command-line/command.ts';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { type Parsed, parse } from '../../../../agent/cli/command-line/parse.ts';
import { commands } from '../../../../agent/cli/commands.ts';

/** What was understood, short enough for a table. */
function short(parsed: Parsed): unknown {
  if (parsed.kind === 'version' || parsed.kind === 'table') return parsed;
  const command: Command | undefined = parsed.command;
  if (parsed.kind === 'help') return `help ${parsed.category ?? ''} ${command?.name ?? ''}`.trim();
  const { words, flags, values } = parsed.args;
  return [`${command?.category} ${command?.name}`, [...words], [...flags], [...values]];
}

const understood: readonly (readonly [string, unknown])[] = [
  ['', 'help'],
  ['--help', 'help'],
  ['-h', 'help'],
  ['--help --json', { kind: 'table' }],
  ['help', ['help show', [], [], []]],
  ['help logs', ['help show', ['logs'], [], []]],
  ['help show logs', ['help show', ['logs'], [], []]],
  ['help list --json', ['help list', [], ['json'], []]],
  ['help --help', 'help help'],
  ['help show -h', 'help help show'],
  ['help node', 'help node'],
  ['help node boot', 'help node boot'],
  ['advanced sql -c x', ['advanced sql', [], [], [['command', 'x']]]],
  ['advanced sql --command -x', ['advanced sql', [], [], [['command', '-x']]]],
  ['node run a --serial -- ls --help', ['node run', ['a', 'ls', '--help'], ['serial'], []]],
  ['node run a -- -- --timeout 5', ['node run', ['a', '--', '--timeout', '5'], [], []]],
  ['node', 'help node'],
  ['node --help', 'help node'],
  ['node show --help', 'help node show'],
  ['node show --all -h', 'help node show'],
  ['--version', { kind: 'version', asJson: false }],
  ['version --json', { kind: 'version', asJson: true }],
  ['node show', ['node show', [], [], []]],
  ['node show --all --json', ['node show', [], ['all', 'json'], []]],
  ['node show pc-1', ['node show', ['pc-1'], [], []]],
  ['node wait a b,c --timeout 5', ['node wait', ['a', 'b,c'], [], [['timeout', '5']]]],
  ['node wait --timeout=5 a', ['node wait', ['a'], [], [['timeout', '5']]]],
  ['log show --history -5m:', ['log show', [], [], [['history', '-5m:']]]],
  ['log show --history -5m', ['log show', [], [], [['history', '-5m']]]],
  ['log show --history=-5m: --platform', ['log show', [], ['platform'], [['history', '-5m:']]]],
  ['log show --history -2h:-1h new', ['log show', ['new'], [], [['history', '-2h:-1h']]]],
  ['log show --streams -x new', ['log show', ['new'], [], [['streams', '-x']]]],
  ['log show -- --odd', ['log show', ['--odd'], [], []]],
  ['device rename a b', ['device rename', ['a', 'b'], [], []]],
];

for (const [line, expected] of understood) {
  test(`parse() understands 'walt ${line}'`, (t) => {
    const argv = line === '' ? [] : line.split(' ');
    t.deepEqual(short(parse(argv, commands)), expected);
  });
}

const refused: readonly (readonly [string, RegExp])[] = [
  ['nod', /unknown category 'nod'.*'node'/],
  ['doctr', /unknown category 'doctr'\. Did you mean 'doctor'/],
  ['constructor show', /unknown category 'constructor'/],
  ['xyz', /unknown category 'xyz'\n.*image, node, media, log/],
  ['--all', /unknown option '--all'/],
  ['node shwo', /unknown command 'shwo'.*'show'/],
  ['node show --al', /unknown option '--al'.*'--all'/],
  ['node show -a', /unknown option '-a'/],
  ['node show --all=yes', /--all takes no value, but got 'yes'/],
  ['node show a b', /'b' is one word too many\nUsage: walt node show \[NODE\]/],
  ['node wait', /missing NAMES .*\nUsage: walt node wait NAMES… \[--timeout S\]/s],
  ['node wait a --timeout', /--timeout needs a value: --timeout S/],
  ['log show --history', /--history needs a value/],
  ['log show --history --realtime', /--history needs a value/],
  ['log show --history=', /--history needs a value/],
  ['device rename a', /missing NEW/],
  ['device rename a b c', /'c' is one word too many/],
];

for (const [line, message] of refused) {
  test(`parse() refuses 'walt ${line}' and says why`, (t) => {
    const error = t.throws(() => parse(line.split(' '), commands), { instanceOf: CommandError });
    t.regex(error.message, message);
  });
}

test('parse() refuses an empty word', (t) => {
  const error = t.throws(() => parse(['device', 'rename', '', 'b'], commands));
  t.regex(error.message, /one of its words is empty\nUsage: walt device rename OLD NEW/);
});
