// Completion for zsh, made from the table of commands as that for bash is.
import type { Command } from './command.ts';
import { categoryBranches, commandBranches, firstWords } from './completion-rows.ts';

/** A script to be evaluated by the shell. No word that somebody has typed is ever evaluated. */
export function zshCompletion(commands: readonly Command[]): string {
  return `_walt() {
  local kinds="" options="--help" valued=" " kind named=""
  local -a names
  local -i i
  case "$words[2]:$words[3]" in
${commandBranches(commands)}
  esac
  if (( CURRENT == 2 )); then
    compadd -- ${firstWords()}
    return
  fi
  if (( CURRENT == 3 )); then
    case $words[2] in
${categoryBranches(commands, (offered) => `compadd -- ${offered}`)}
    esac
    return
  fi
  if [[ $PREFIX == -* ]]; then
    compadd -- \${=options}
    return
  fi
  names=(\${=kinds})
  for ((i = 4; i < CURRENT; i++)); do
    if [[ $valued == *" $words[i] "* ]]; then
      i=$((i + 1))
      if ((i == CURRENT)); then
        _files
        return
      fi
    elif [[ $words[i] != -* && \${names[1]-} != *+ ]]; then
      if [[ -z $named ]]; then named=$words[i]; fi
      names=("\${(@)names[2,-1]}")
    fi
  done
  kind=\${\${names[1]-}%+}
  if [[ -z $kind ]]; then return 1; fi
  if [[ $kind == none ]]; then
    _files
    return
  fi
  if [[ $kind != *setting ]]; then named=""; fi
  if [[ $kind == *setting && $PREFIX == *=* ]]; then kind+=-value; fi
  names=(\${(f)"$(walt advanced complete $kind \${named:+"$named"} 2> /dev/null)"})
  if [[ $kind == (nodes|node|devices|device) ]]; then compset -P '*,'; fi
  # A value or a path follows: no space.
  compadd -S '' -- \${(M)names:#*[=/]}
  compadd -- \${names:#*[=/]}
  if [[ $kind == (image|node)-path ]]; then _files; fi
}
if ! whence compdef > /dev/null; then autoload -Uz compinit && compinit; fi
compdef _walt walt`;
}
