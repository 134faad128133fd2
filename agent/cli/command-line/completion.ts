// Completion for bash, made from the table of commands: categories, commands, options and, for help, topics.
import { CATEGORIES, type Command } from './command.ts';

/** A script to be evaluated by the shell. */
export function bashCompletion(commands: readonly Command[], topics: readonly string[]): string {
  return `_walt() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=""
  case "$COMP_CWORD:\${COMP_WORDS[1]-}:\${COMP_WORDS[2]-}" in
    1:*) words="${Object.keys(CATEGORIES).join(' ')} --help --version" ;;
${Object.keys(CATEGORIES)
  .map((category) => `    2:${category}:*) words="${namesOf(category, commands)}" ;;`)
  .join('\n')}
    *:help:show) words="${topics.join(' ')}" ;;
${commands
  .filter(({ options = [] }) => options.length > 0)
  .map(({ category, name, options }) => `    *:${category}:${name}) words="${dashed(options)}" ;;`)
  .join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _walt walt`;
}

function namesOf(category: string, commands: readonly Command[]): string {
  return commands
    .filter((command) => command.category === category)
    .map(({ name }) => name)
    .join(' ');
}

function dashed(options: Command['options'] = []): string {
  return [...options.map(({ name }) => `--${name}`), '--help'].join(' ');
}
