// What a running server takes over when its configuration is read again (SIGHUP, `systemctl reload`), and what waits for
// the next start.
import type { Config } from './config.ts';

/** Whoever uses one of these asks for it each time. */
const LIVE_KEYS: readonly string[] = [
  'boot.heal',
  'images.unusedDays',
  'log.keepDays',
  'power.command',
  'power.commandSeconds',
  'power.offAfterMinutes',
];

/** Keys with another value than before, by whether a running server takes them over. */
export type ConfigChanges = {
  readonly taken: readonly string[];
  readonly waiting: readonly string[];
};

/** Compares two configurations. */
export function configChanges(before: Config, after: Config): ConfigChanges {
  const old = valuesOf(before);
  const next = valuesOf(after);
  const keys = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  const changed = keys.filter((key) => old.get(key) !== next.get(key));
  return {
    taken: changed.filter((key) => LIVE_KEYS.includes(key)),
    waiting: changed.filter((key) => !LIVE_KEYS.includes(key)),
  };
}

/** The configuration that runs from now on: the new values of what can change, the old ones of all else. */
export function withLiveKeys(before: Config, { boot, images, log, power }: Config): Config {
  return {
    ...before,
    boot,
    images: { ...before.images, unusedDays: images.unusedDays },
    log: { ...before.log, keepDays: log.keepDays },
    power,
  };
}

/** What an operator is told. */
export function changesText({ taken, waiting }: ConfigChanges): string {
  if (taken.length === 0 && waiting.length === 0)
    return 'configuration read again: nothing changed';
  const said = [
    ...(taken.length === 0 ? [] : [`taken over: ${taken.join(', ')}`]),
    ...(waiting.length === 0 ? [] : [`restart walt-server for ${waiting.join(', ')}`]),
  ];
  return `configuration read again: ${said.join('; ')}`;
}

/** Each value as text by its key; lists are one value. */
function valuesOf(value: object, prefix = ''): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const isGroup = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    if (!isGroup) values.set(`${prefix}${name}`, JSON.stringify(inner) ?? '');
    else for (const [key, text] of valuesOf(inner, `${prefix}${name}.`)) values.set(key, text);
  }
  return values;
}
