// Completion for bash, made from the table of commands: categories, commands and options are written into the script;
// names of nodes and images are asked of the server when they are needed.
import { CATEGORIES, type Command } from './command.ts';
import { DOCTOR } from './parse.ts';

/** A script to be evaluated by the shell. */
export function bashCompletion(commands: readonly Command[]): string {
  return `_walt() {
  local line=\${COMP_LINE:0:COMP_POINT} name words=() names=() kinds="" options="" valued=" " offered="" word last before breaks i
  read -ra words <<< "$line"
  if [[ $line == *[[:space:]] ]]; then words+=(""); fi
  last=$((\${#words[@]} - 1))
  word=\${words[last]}
  case "\${words[1]-}:\${words[2]-}" in
${commands.map(row).join('\n')}
  esac
  if ((last == 1)); then
    offered="${Object.keys(CATEGORIES).join(' ')} ${DOCTOR} --help --version"
  elif ((last == 2)); then
    case "\${words[1]}" in
${Object.keys(CATEGORIES)
  .map((category) => `      ${category}) offered="${namesOf(category, commands)} --help" ;;`)
  .join('\n')}
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
        names=("\${names[@]:1}")
      fi
    done
    before=\${names[0]-}
    before=\${before%+}
    if [[ -z $before || $before == none ]]; then return; fi
    if [[ $before == setting && $word == *=* ]]; then before=setting-value; fi
    offered=$(walt advanced complete "$before" 2> /dev/null)
    if [[ $before == nodes && $word == *,* ]]; then offered=$(while read -r name; do echo "\${word%,*},$name"; done <<< "$offered"); fi
  fi
  # compgen -W would run what is written in a word: \`$(…)\`.
  COMPREPLY=()
  read -r -d "" -a names <<< "$offered"
  for name in "\${names[@]}"; do
    if [[ $name == "$word"* ]]; then COMPREPLY+=("$name"); fi
  done
  # A value follows: no space.
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2> /dev/null; fi
  # Bash takes what is behind a colon or an equals sign for a word of its own.
  breaks=\${COMP_WORDBREAKS//[^:=]/}
  if [[ -n $breaks && $word == *[$breaks]* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*[$breaks]}"}"}"); fi
}
complete -o default -F _walt walt`;
}

/** Kinds of its arguments, `+` behind that of a list; its options; those of them that take a value. */
function row({ category, name, arguments: list = [], options = [] }: Command): string {
  const kinds = list.map(({ names = 'none', isList }) => `${names}${isList === true ? '+' : ''}`);
  const valued = options.filter(({ value }) => value !== undefined);
  const dashed = (some: typeof options) => some.map((option) => `--${option.name}`).join(' ');
  const all = `${dashed(options)} --help`.trimStart();
  return `    ${category}:${name}) kinds="${kinds.join(' ')}" options="${all}" valued=" ${dashed(valued)} " ;;`;
}

function namesOf(category: string, commands: readonly Command[]): string {
  return commands
    .filter((command) => command.category === category)
    .map(({ name }) => name)
    .join(' ');
}
