// The fields of a schema as rows of a table in the documentation: of the configuration, and of calls of the API.
import { z } from 'zod';

/** What JSON schema says of a field or a group of fields. */
export type FieldSchema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
};

/** A field with a value of its own; `path` has a dot for a level and `[]` for each entry of a list. */
export type Field = { readonly path: string; readonly schema: FieldSchema };

/** @param io which side of defaults and conversions is meant */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): FieldSchema {
  return z.toJSONSchema(schema, { io }) as FieldSchema;
}

/** In the order of the schema; a list comes before the fields of its entries. */
export function fieldsOf(schema: FieldSchema, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    if (inner.properties !== undefined) return fieldsOf(inner, `${path}.`);
    const entry = inner.items === undefined ? {} : merged(inner.items);
    return [{ path, schema: inner }, ...fieldsOf(entry, `${path}[].`)];
  });
}

/** Entries of a list may have one of several forms: the fields of all of them. */
function merged(schema: FieldSchema): FieldSchema {
  const forms = schema.anyOf ?? [schema];
  return { properties: Object.assign({}, ...forms.map(({ properties }) => properties ?? {})) };
}

/** The values that a field may have, in words. */
export function valueText({ type, ...schema }: FieldSchema): string {
  const { enum: choices, minimum, maximum, anyOf } = schema;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (typeof type === 'object') return type.map((one) => valueText({ type: one })).join(' or ');
  if (type === undefined && anyOf !== undefined) return anyOf.map(valueText).join(' or ');
  if (type === 'null') return '`null`';
  if (type === 'string') return 'text';
  if (type === 'array') return 'list';
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'object') return 'object';
  if (minimum === undefined) return 'number';
  const hasLimit = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return hasLimit ? `number, ${minimum} to ${maximum}` : `number, ${minimum} or more`;
}

/** One row of a table in markdown. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
