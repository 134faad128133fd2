// Checks all imports against the table of layers, and that no files import each other in a circle.
// `node scripts/gate/import-directions.ts` prints what it finds.
import { join } from 'node:path';
import { importCircles } from './import-circles.ts';
import type { ImportRule, ImportTable } from './import-rules.ts';
import { IMPORT_TABLE } from './import-table.ts';
import { type Import, readSourceFiles, type SourceFile } from './source-files.ts';

/** One sentence for each fault: an import against its rule, a file without a rule, a circle, a line not needed. */
export function importFindings(files: readonly SourceFile[], table: ImportTable): string[] {
  const circles = importCircles(files);
  return [
    ...files.flatMap((file) => directionFindings(file, table)),
    ...circles
      .filter((circle) => !circle.some((path) => path in table.circles))
      .map((circle) => `Files import each other in a circle: ${circle.join(' → ')}`),
    ...unusedLines(files, { table, circles }),
  ];
}

function directionFindings({ path, imports }: SourceFile, table: ImportTable): string[] {
  if (isLeaving(path, table)) return [];
  const rule = ruleOf(path, table);
  if (rule === undefined) return [`${path}: no rule says what its folder may import`];
  return imports
    .filter((one) => !isAllowed(one, rule, table))
    .map(({ target, line }) => `${path}:${line}: ${rule.folder} may not import ${target}`);
}

function isAllowed(one: Import, rule: ImportRule, table: ImportTable): boolean {
  const { kind, target, isTypeOnly } = one;
  if (isOneOf(target, Object.keys(rule.still ?? {}))) return true;
  if (kind === 'builtin') return rule.builtins === 'any' || isOneOf(target, rule.builtins);
  if (kind === 'package') return isOneOf(target, rule.packages);
  if (isLeaving(target, table) || ruleOf(target, table) === rule) return true;
  const names = [...rule.may, ...(isTypeOnly ? Object.keys(rule.types ?? {}) : [])];
  return names.some((name) => covers(name, target, table));
}

/** A folder with a rule stands for the files of that rule, any other for all that is below it. */
function covers(name: string, path: string, table: ImportTable): boolean {
  const hasRule = table.rules.some(({ folder }) => folder === name);
  return hasRule ? ruleOf(path, table)?.folder === name : isOneOf(path, [name]);
}

type Known = { readonly table: ImportTable; readonly circles: readonly string[][] };

/** What the table says of work to be done goes when that is done. */
function unusedLines(files: readonly SourceFile[], { table, circles }: Known): string[] {
  const isImported = (rule: ImportRule, name: string) =>
    files
      .filter(({ path }) => ruleOf(path, table) === rule)
      .some(({ imports }) => imports.some(({ target }) => isOneOf(target, [name])));
  const still = table.rules.flatMap((rule) =>
    Object.keys(rule.still ?? {})
      .filter((name) => !isImported(rule, name))
      .map((name) => `'still' of ${rule.folder}: ${name} is not imported any more`),
  );
  const leaving = Object.keys(table.leaving)
    .filter((name) => !files.some(({ path }) => isOneOf(path, [name])))
    .map((name) => `'leaving': ${name} is not there any more`);
  const inCircles = new Set(circles.flat());
  const unused = Object.keys(table.circles)
    .filter((path) => !inCircles.has(path))
    .map((path) => `'circles': ${path} is in no circle any more`);
  return [...still, ...leaving, ...unused].map((line) => `Delete a line of the table, ${line}`);
}

/** The rule of a file; undefined where none names a folder that holds it. */
function ruleOf(path: string, { rules }: ImportTable): ImportRule | undefined {
  return rules
    .filter(({ folder }) => isOneOf(path, [folder]))
    .toSorted((one, other) => other.folder.length - one.folder.length)[0];
}

const isLeaving = (path: string, { leaving }: ImportTable) => isOneOf(path, Object.keys(leaving));

const isOneOf = (path: string, names: readonly string[]) =>
  names.some((name) => path === name || path.startsWith(`${name}/`));

if (import.meta.main) {
  const files = await readSourceFiles(join(import.meta.dirname, '../..'));
  const findings = importFindings(files, IMPORT_TABLE);
  for (const finding of findings) console.log(finding);
  if (findings.length > 0) console.log('The table is scripts/gate/import-table.ts.');
  process.exitCode = findings.length === 0 ? 0 : 1;
}
