import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { configHelp } from '../../../agent/config/config-help.ts';

const rows = configHelp()
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\) \| /));

/** Paths of everything that has a value of its own. */
function pathsOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && !Array.isArray(inner)
      ? pathsOf(inner, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

test('configHelp() has every key, each with its meaning', (t) => {
  const keys = rows.map(([key = '']) => key.replace(/[|` ]/g, ''));
  for (const path of pathsOf(parseConfig('', 'empty'))) t.true(keys.includes(path), path);
  t.true(keys.includes('images.overlay'));
  t.true(keys.includes('images.registries[].address'));
  for (const row of rows) {
    t.is(row.length, 4, row.join(' | '));
    t.true((row[3] ?? '').length > 10, row.join(' | '));
  }
});

test('configHelp() tells values and defaults', (t) => {
  const help = configHelp();
  t.true(help.includes('| `ports.tftp` | number, 1 to 65535 | `69` |'));
  t.true(help.includes('| `nfs.backend` | `auto`, `kernel`, `ganesha` | `auto` |'));
  t.true(help.includes('| `log.debug` | `true` or `false` | `false` |'));
  t.true(help.includes('| `network.address` | text | `192.168.152.1/24` |'));
});
