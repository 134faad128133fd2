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
};

type Key = { readonly path: string; readonly schema: Schema };

export function configHelp(): string {
  const keys = keysOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema);
  return [
    'The configuration of `walt-server` is a file in YAML or JSON. Every key may be left out; an empty file means',
    'all defaults. A dot stands for a level: `network.address` is the key `address` below `network`.',
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
    return inner.properties === undefined ? [{ path, schema: inner }] : keysOf(inner, `${path}.`);
  });
}

function row({ path, schema }: Key): string {
  const byDefault = schema.default === undefined ? '' : `\`${String(schema.default)}\``;
  const cells = [`\`${path}\``, valueText(schema), byDefault, schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueText({ type, enum: choices, minimum, maximum }: Schema): string {
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (type === 'string') return 'text';
  if (type === 'boolean') return '`true` or `false`';
  if (minimum === undefined) return 'number';
  const hasLimit = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return hasLimit ? `number, ${minimum} to ${maximum}` : `number, ${minimum} or more`;
}
