// Completion as zsh does it: an interactive zsh on a terminal of its own, at which lines are typed.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { completionLab, shellEnvironment, WALT_IN_SHELL } from './completion-lab.ts';

/** In the zsh at which is typed: ctrl-X writes what is offered for the line, ctrl-Y the line as it is. */
const INSIDE = `
PROMPT= RPROMPT=
${WALT_IN_SHELL}
autoload -Uz compinit && compinit -u -d $cache/dump
eval "$(walt advanced dump-zsh-autocomplete)"
compadd() {
  local -a hits
  builtin compadd -O hits "$@"
  offered+=($IPREFIX$^hits)
  builtin compadd "$@"
}
_offer() {
  offered=()
  _main_complete
  print -r -- ">\${(oj: :)offered}" >> $cache/said
}
_line() { print -r -- ">$BUFFER" >> $cache/said; }
zle -C offer list-choices _offer
zle -N line _line
bindkey '^X' offer '^Y' line '^U' kill-whole-line
zle-line-init() { print -r -- ">ready" >> $cache/said; zle -D zle-line-init; }
zle -N zle-line-init`;

/** Types each line, and waits for what is written of it. */
const OUTSIDE = `
screen=
zmodload zsh/zpty zsh/zselect
print -r -- "$inside" > $cache/inside
: > $cache/said
zpty -b typed zsh -f -i
wait_for() {
  local -i tries
  local read
  for ((tries = 0; tries < 600; tries++)); do
    while zpty -r -t typed read '*'; do screen+=$read; done
    if (( $(wc -l < $cache/said) >= $1 )); then return; fi
    zselect -t 5
  done
  print -r "no answer to line $1: \${(V)screen}"
  exit 1
}
zpty -w typed ". $cache/inside"
wait_for 1
integer count=1
for line in "$@"; do
  (( ++count ))
  zpty -w -n typed $'\\x15'"$line"
  wait_for $count
done
zpty -d typed
tail -n +2 $cache/said`;

const OFFER = '\x18';
const LINE = '\x19';

const offers: readonly (readonly [line: string, offered: string])[] = [
  ['walt no', 'node'],
  ['walt node acq', 'acquire'],
  ['walt node acquire ', 'all-nodes free-nodes my-nodes one two vm'],
  ['walt node acquire one t', 'two'],
  ['walt node acquire one,t', 'one,two'],
  ['walt node acquire --y', '--yes'],
  ['walt node wait --timeout 5 t', 'two'],
  ['walt node show two t', ''],
  ['walt node boot two ', 'boot-local default web web:v2'],
  ['walt image remove web web:v', 'web:v2'],
  ['walt image rename web w', ''],
  ['walt image clone walt:b', 'walt:bob/board:latest'],
  ['walt node config vm ram=2G firm', 'firmware='],
  ['walt node config vm firmware=u', 'firmware=uefi firmware=uefi-secure'],
  ['walt device config all', 'all-devices all-nodes all-switches'],
  ['walt node power two ', 'cycle off on status'],
  ['walt image cp web:v', 'web:v2:/'],
  ['walt media write p', 'pc-usb.dd.gz'],
  ['walt help show tr', 'troubleshooting'],
  ['walt nonsense show ', ''],
  ['walt node show $(touch$IFS$cache/run)', ''],
  ['walt node acquire one,$(touch$IFS$cache/run),t', 'one,$(touch$IFS$cache/run),two'],
];

const lines: readonly (readonly [typed: string, line: string])[] = [
  ['walt node acquire tw\t', 'walt node acquire two '],
  ['walt node acquire one,tw\t', 'walt node acquire one,two '],
  ['walt node config vm firmw\t', 'walt node config vm firmware='],
  ['walt image cp web:v\t', 'walt image cp web:v2:/'],
  ['walt image cp HERE/webs\t', 'walt image cp HERE/website/'],
  ['walt image import HERE/web.\t', 'walt image import HERE/web.txt '],
  ['walt image build --from-dir HERE/webs\t', 'walt image build --from-dir HERE/website/'],
];

test.serial('zsh completes names of nodes and images', async (t) => {
  const { socket, here } = await completionLab(t);
  const ask = async (server: string, typed: readonly string[]) => {
    const { cache, environment } = await shellEnvironment(t, server);
    const program = ['zsh', '-f', '-c', OUTSIDE, 'zsh', ...typed];
    const settings = [...environment, `inside=${INSIDE}`, 'TERM=xterm'];
    const { code, said } = await runProgram(['env', ...settings, ...program], { seconds: 240 });
    t.is(code, 0, said);
    await t.throwsAsync(access(join(cache, 'run')), { code: 'ENOENT' }, 'a word was run');
    return said.trimEnd().split('\n');
  };
  const placed = [
    ...offers.map(([line, offered]) => [`${line}${OFFER}`, offered]),
    ...lines.map(([typed, line]) => [`${typed}${LINE}`, line]),
  ].map((texts) => texts.map((text) => text.replaceAll('HERE', here)));
  const said = await ask(
    socket,
    placed.map(([typed = '']) => typed),
  );
  for (const [index, [typed = '', expected]] of placed.entries()) {
    t.is(said[index], `>${expected}`, JSON.stringify(typed));
  }
  const alone = await ask('/nonexistent', [`walt no${OFFER}`, `walt node acquire t${OFFER}`]);
  t.deepEqual(alone, ['>node', '>'], 'without a server no name, and no complaint');
});
