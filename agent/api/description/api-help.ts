// Every call of the API, as markdown for docs/api.md (`walt-server --help-api`), and as JSON with what a client needs to
// make them (`walt-server --help-api --json`).
import {
  type Field,
  type FieldSchema,
  fieldsOf,
  jsonSchemaOf,
  tableRow,
  valueText,
} from '../../config/schema-fields.ts';
import type { Call } from '../calls/call.ts';
import { calls } from '../calls.ts';
import { openApi } from './openapi.ts';

const rows = Object.entries<Call>(calls);

/** The whole page but for its title. */
export function apiHelp(): string {
  const intro = [
    'The server answers HTTP requests on a unix socket (`api.socket` of the configuration), which is open to',
    'administrators of its machine. `:name` in a path is a field; other fields of a `GET` are in the query, those of a',
    '`POST` in a JSON object. Header',
    '`x-walt-user` says for whom a call is made; calls of role `viewer` work without it. Whatever fails is answered with',
    'a status of 400 or more and `{"error": "a sentence", "code": "no-right"}`: the code stays the same, whatever the',
    'sentence says. A reply in lines is JSON, one object a line, as things come;',
    'where it turns out later that it fails by what was asked, the last line is `{"error": "a sentence"}`.',
    'Events come as `text/event-stream`, with an `id` each. Who sends the last one in header `last-event-id` goes on',
    'behind it. Type `missed` says in `{from, to}` which ones are gone: those behind `from`, up to and with `to`.',
    '',
    '    curl --unix-socket /run/walt/walt-server.sock http://walt/api/v1/nodes',
    '',
    'The same as OpenAPI 3.1 is [openapi.json](openapi.json), which a server answers at `/api/v1/openapi.json`. `node',
    'scripts/docs.ts --check` compares it with that of the last release (`release/openapi-baseline.json`) and names what',
    'would break clients.',
    '',
    tableRow(['call', 'request', 'role', 'what it does']),
    tableRow(['---', '---', '---', '---']),
    ...rows.map(([name, { role, help, ...call }]) =>
      tableRow([`[\`${name}\`](#${anchorOf(name)})`, requestOf(call), role, help]),
    ),
  ];
  return [...intro, ...rows.flatMap(section)].join('\n');
}

/** Name, method and path of every call. */
export function apiEndpoints(): string {
  const entries = rows.map(([name, { method, path }]) => [name, { method, path }]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** All calls for programs, as docs/openapi.json. */
export function apiDescription(): string {
  return JSON.stringify(openApi(calls), null, 2);
}

function section([name, call]: [string, Call]): string[] {
  const { help, role, params, query, body, reply } = call;
  const asked = [
    ...(params === undefined ? [] : fieldsOf(jsonSchemaOf(params, 'output'))),
    ...(query === undefined ? [] : askedFields(jsonSchemaOf(query, 'input'), query)),
    ...(body === undefined ? [] : askedFields(jsonSchemaOf(body, 'input'), body)),
  ];
  const { title, schema } = replyOf(reply);
  const given = schema === undefined ? [] : replyFields(jsonSchemaOf(schema, 'output'));
  return [
    '',
    `## ${name}`,
    '',
    `${requestOf(call)}, role ${role}. ${help}`,
    ...table('field', asked),
    ...table(title, given),
  ];
}

function replyOf(reply: Call['reply']) {
  if ('line' in reply) return { title: 'in each line of the reply', schema: reply.line };
  if ('data' in reply) return { title: 'in the data of each event', schema: reply.data };
  if ('text' in reply || 'bytes' in reply) return { title: 'in the reply', schema: undefined };
  if ('frames' in reply) {
    return { title: 'in frames of text from the server', schema: reply.frames };
  }
  return { title: 'in the reply', schema: reply };
}

function requestOf({ method, path }: Pick<Call, 'method' | 'path'>): string {
  return `\`${method} ${path}\``;
}

/** As GitHub makes them of headings. */
function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll('.', '');
}

/** A field that may be left out says so, with what it is then. */
function askedFields(input: FieldSchema, schema: NonNullable<Call['body']>): Field[] {
  // The types are those that the server works with: a query is text, but its numbers are numbers.
  return fieldsOf(jsonSchemaOf(schema, 'output')).map(({ path, schema: field }) => {
    const isNeeded = path.includes('.') || (input.required ?? []).includes(path);
    const { default: byDefault, description = '' } = field;
    const without = byDefault === undefined ? '' : `; \`${JSON.stringify(byDefault)}\` without it`;
    const optional = isNeeded ? '' : ` (optional${without})`;
    return { path, schema: { ...field, description: `${description}${optional}`.trimStart() } };
  });
}

/** Where lines have one of several forms, the fields of each begin with the one that tells them apart. */
function replyFields(schema: FieldSchema): Field[] {
  return (schema.oneOf ?? [schema]).flatMap((form) => fieldsOf(form));
}

function table(title: string, fields: readonly Field[]): string[] {
  if (fields.length === 0) return [];
  return [
    '',
    tableRow([title, 'value', 'meaning']),
    tableRow(['---', '---', '---']),
    ...fields.map(({ path, schema }) =>
      tableRow([`\`${path}\``, valueText(schema), schema.description ?? '']),
    ),
  ];
}
