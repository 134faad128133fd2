// Every key of the configuration with its default and help, as markdown: `walt-server --help-config` prints it,
// and docs/configuration.md has it.
import { z } from 'zod';
import { configSchema } from './config.ts';

/** What JSON schema says of a key or a group of keys. */
type Schema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

type Key = { readonly path: string; readonly schema: Schema };

/** Markdown without a heading: how the file is written, and a table with a row for each key. */
export function configHelp(): string {
  const keys = keysOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema);
  return [
    'The configuration of `walt-server` is a file in YAML or JSON. Every key may be left out; an empty file means',
    'all defaults. A dot stands for a level: `network.address` is the key `address` below `network`. `[]` stands for',
    'each entry of a list.',
    '',
    '| key | value | default | meaning |',
    '|---|---|---|---|',
    ...keys.map(row),
  ].join('\n');
}

/** The keys that have a value of their own, in the order of the schema. */
function keysOf(schema: Schema, prefix = ''): Key[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    if (inner.properties !== undefined) return keysOf(inner, `${path}.`);
    const entry = inner.items === undefined ? {} : merged(inner.items);
    return [{ path, schema: inner }, ...keysOf(entry, `${path}[].`)];
  });
}

/** Entries of a list may have one of several forms: the keys of all of them. */
function merged(schema: Schema): Schema {
  const forms = schema.anyOf ?? [schema];
  return { properties: Object.assign({}, ...forms.map(({ properties }) => properties ?? {})) };
}

function row({ path, schema }: Key): string {
  const byDefault = schema.default === undefined ? '' : `\`${shown(schema.default)}\``;
  const cells = [`\`${path}\``, valueText(schema), byDefault, schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function valueText({ type, enum: choices, minimum, maximum }: Schema): string {
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (type === 'string') return 'text';
  if (type === 'array') return 'list';
  if (type === 'boolean') return '`true` or `false`';
  if (minimum === undefined) return 'number';
  const hasLimit = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return hasLimit ? `number, ${minimum} to ${maximum}` : `number, ${minimum} or more`;
}
