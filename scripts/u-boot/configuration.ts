// Fragments of configuration: how they are laid over one another, and whether U-Boot took all of them.

/** `CONFIG_X` and the line that sets it (or says that it is not set), of a fragment or a whole configuration. */
export function settings(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => line.trim());
  const named = lines.flatMap((line) => {
    const name = /^(?:# )?(CONFIG_\w+)(?:=| is not set$)/.exec(line)?.[1];
    return name === undefined ? [] : [[name, line] as const];
  });
  return new Map(named);
}

/** Later fragments replace lines of earlier ones. */
export function mergeFragments(fragments: readonly string[]): string {
  const merged = new Map(fragments.flatMap((fragment) => [...settings(fragment)]));
  return `${[...merged.values()].join('\n')}\n`;
}

/** Lines of the fragment that have no effect in the final configuration; what is absent there is not set. */
export function ineffective(fragment: string, configuration: string): string[] {
  const final = settings(configuration);
  return [...settings(fragment)]
    .filter(([name, line]) => (final.get(name) ?? `# ${name} is not set`) !== line)
    .map(([, line]) => line);
}
