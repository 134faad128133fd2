// The calls of the API as types for the TypeScript client, made from their OpenAPI description.
import { type JsonSchema, typeOf } from './schema-types.ts';

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-walt-role': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};
/** The description, as far as it is read here. */
export type TypedDescription = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** Kinds of answers, by their content. */
const KINDS: Readonly<Record<string, string>> = {
  'application/json': 'value',
  'application/x-ndjson': 'lines',
  'text/event-stream': 'events',
  'text/plain': 'text',
  'application/octet-stream': 'bytes',
};
const BYTES = 'application/octet-stream';

const HEAD = `// All calls of the API. Made from docs/openapi.json by scripts/docs.ts: change the calls there.

/** An object with nothing in it. */
export type Empty = Readonly<Record<never, never>>;

/** What each call takes, and what it answers with: one value, each line, the data of each event, or what a WebSocket says. */
export type Calls = {
`;

/** The text of `src/calls.ts`. */
export function typescriptCalls({ paths }: TypedDescription): string {
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...{ path, method: method.toUpperCase(), operation },
    })),
  );
  const types = calls.map(({ operation }) => {
    const { operationId: name, summary, 'x-walt-role': role } = operation;
    const doc = `  /** ${summary.replaceAll('*/', '* /')} Role ${role}. */`;
    const fields = `asked: ${askedOf(operation)}; reply: ${replyOf(operation).type}`;
    return `${doc}\n  '${name}': { kind: '${replyOf(operation).kind}'; ${fields} };`;
  });
  const rows = calls.map(({ path, method, operation }) => {
    const takesBytes = operation.requestBody?.content[BYTES] !== undefined;
    const { kind } = replyOf(operation);
    const row = { method, path, kind, ...(takesBytes ? { takesBytes } : {}) };
    return `  '${operation.operationId}': ${JSON.stringify(row)},`;
  });
  const table = `/** Where each of them is. */\nexport const ENDPOINTS: { readonly [Name in keyof Calls]: Endpoint } = {`;
  return `${HEAD}${types.join('\n')}
};

/** How a call is made. */
export type Endpoint = {
  readonly method: string;
  /** \`{name}\` stands for a field of what is asked */
  readonly path: string;
  readonly kind: string;
  readonly takesBytes?: boolean;
};

${table}
${rows.join('\n')}
};
`;
}

function askedOf({ parameters = [], requestBody }: Operation): string {
  const fields = parameters.map(
    ({ name, required, schema }) => `readonly ${name}${required ? '' : '?'}: ${typeOf(schema)}`,
  );
  const body = requestBody?.content['application/json']?.schema;
  const parts = fields.length === 0 ? [] : [`{ ${fields.join('; ')} }`];
  if (body !== undefined) parts.push(typeOf(body));
  return parts.length === 0 ? 'Empty' : parts.map((part) => `(${part})`).join(' & ');
}

function replyOf({ responses }: Operation): { readonly kind: string; readonly type: string } {
  const isFrames = responses['101'] !== undefined;
  const { content = {} } = responses['101'] ?? responses['200'] ?? {};
  const [[type = '', { schema = {} }] = ['', {}]] = Object.entries(content);
  const kind = isFrames ? 'frames' : KINDS[type];
  if (kind === undefined)
    throw new TypeError(`Cannot make a client: there is no answer of ${type}`);
  return { kind, type: kind === 'bytes' ? 'Uint8Array' : typeOf(schema) };
}
