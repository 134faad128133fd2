// Completion for bash, made from the table of commands: categories, commands and options are written into the script;
// names of nodes and images are asked of the server when they are needed.
import type { Command } from './command.ts';
import { categoryBranches, commandBranches, firstWords } from './completion-rows.ts';

/** A script to be evaluated by the shell. */
export function bashCompletion(commands: readonly Command[]): string {
  return `_walt() {
  local line=\${COMP_LINE:0:COMP_POINT} name words=() names=() kinds="" options="" valued=" " offered="" named="" word last before breaks i
  read -ra words <<< "$line"
  if [[ $line == *[[:space:]] ]]; then words+=(""); fi
  last=$((\${#words[@]} - 1))
  word=\${words[last]}
  case "\${words[1]-}:\${words[2]-}" in
${commandBranches(commands)}
  esac
  if ((last == 1)); then
    offered="${firstWords()}"
  elif ((last == 2)); then
    case "\${words[1]}" in
${categoryBranches(commands, (offered) => `offered="${offered}"`)}
    esac
  elif [[ $word == -* ]]; then
    offered=$options
  else
    read -ra names <<< "$kinds"
    for ((i = 3; i < last; i++)); do
      if [[ $valued == *" \${words[i]} "* ]]; then
        i=$((i + 1))
        if ((i == last)); then return; fi
      elif [[ \${words[i]} != -* && \${names[0]-} != *+ ]]; then
        if [[ -z $named ]]; then named=\${words[i]}; fi
        names=("\${names[@]:1}")
      fi
    done
    before=\${names[0]-}
    before=\${before%+}
    if [[ -z $before || $before == none ]]; then return; fi
    if [[ $before != *setting ]]; then named=""; fi
    if [[ $before == *setting && $word == *=* ]]; then before+=-value; fi
    offered=$(walt advanced complete "$before" \${named:+"$named"} 2> /dev/null)
    if [[ $before == @(nodes|node|devices|device) && $word == *,* ]]; then offered=$(while read -r name; do echo "\${word%,*},$name"; done <<< "$offered"); fi
  fi
  # compgen -W would run what is written in a word: \`$(…)\`.
  COMPREPLY=()
  read -r -d "" -a names <<< "$offered"
  for name in "\${names[@]}"; do
    if [[ $name == "$word"* ]]; then COMPREPLY+=("$name"); fi
  done
  if [[ $before == @(image|node)-path ]]; then
    while read -r name; do
      if [[ -d $name ]]; then name+=/; fi
      COMPREPLY+=("$name")
    done < <(compgen -f -- "$word")
  fi
  # A value or a path follows: no space.
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[=/] ]]; then compopt -o nospace 2> /dev/null; fi
  # Bash takes what is behind a colon or an equals sign for a word of its own.
  breaks=\${COMP_WORDBREAKS//[^:=]/}
  if [[ -n $breaks && $word == *[$breaks]* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*[$breaks]}"}"}"); fi
}
complete -o default -F _walt walt`;
}
