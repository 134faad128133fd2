// Every key of the configuration with its default and help, as markdown: `walt-server --help-config` prints it,
// and docs/configuration.md has it.
import { configSchema } from './config.ts';
import { type Field, fieldsOf, jsonSchemaOf, tableRow, valueText } from './schema-fields.ts';

/** The whole page but for its title. */
export function configHelp(): string {
  const keys = fieldsOf(jsonSchemaOf(configSchema, 'input'));
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

function row({ path, schema }: Field): string {
  const byDefault = schema.default === undefined ? '' : `\`${shown(schema.default)}\``;
  return tableRow([`\`${path}\``, valueText(schema), byDefault, schema.description ?? '']);
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
