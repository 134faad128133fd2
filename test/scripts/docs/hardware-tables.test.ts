import test from 'ava';
import { boards } from '../../../scripts/boards.ts';
import { fillTables, hardwareTables } from '../../../scripts/docs/hardware-tables.ts';

test('every model is a row', (t) => {
  const rows = hardwareTables.models?.().split('\n').slice(2) ?? [];
  t.is(rows.length, boards.length);
  for (const [index, { model }] of boards.entries())
    t.true(rows[index]?.startsWith(`| \`${model}\` |`));
});

test('fillTables() replaces what is between its marks, and again gives the same', (t) => {
  const page =
    'before\n<!-- models, made from X -->\n<!-- end -->\nafter\n<!-- raspberry-pis, made from X -->\nold\n<!-- end -->\n<!-- other, made from X -->\nkept\n<!-- end -->\n';
  const filled = fillTables(page);
  t.regex(
    filled,
    /^before\n<!-- models, made from X -->\n\n\| model [^<]*\n\n<!-- end -->\nafter\n/,
  );
  t.notRegex(filled, /old/);
  t.regex(filled, /kept/);
  t.is(fillTables(filled), filled);
});
