// Every call of the API as an OpenAPI 3.1 description, made of the table: what other programs make clients of.
import { z } from 'zod';
import type { Call } from '../calls/call.ts';

type Json = Readonly<Record<string, unknown>>;

/** An error as it is answered: a sentence for people, and a code that stays the same. */
const ERROR = {
  type: 'object',
  required: ['error', 'code'],
  properties: {
    error: { type: 'string', description: 'what is so, and what to do' },
    code: { type: 'string', description: 'stays the same whatever the sentence says' },
  },
};

/**
 * The description of all rows. It is the same for servers that have the same calls, so its version is that of the paths.
 * @param table rows by name
 */
export function openApi(table: Readonly<Record<string, Call>>): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, call] of Object.entries(table)) {
    const path = call.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(name, call) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'WalT',
      version: '1',
      description: 'Steers a WalT server: the calls of the walt command.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'made by walt token create' },
      },
      schemas: { Error: ERROR },
    },
  };
}

const BYTES = { required: true, content: { 'application/octet-stream': { schema: {} } } };

function operation(
  name: string,
  { help, role, isOpen = false, takesBytes = false, body, ...call }: Call,
): Json {
  const parameters = [
    ...parametersOf(call.params, { where: 'path' }),
    ...parametersOf(call.query, { where: 'query' }),
  ];
  return {
    operationId: name,
    summary: help,
    'x-walt-role': role,
    ...(isOpen ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    ...(takesBytes ? { requestBody: BYTES } : {}),
    responses: {
      ...('frames' in call.reply
        ? { 101: { description: 'It goes on as a WebSocket.', content: contentOf(call.reply) } }
        : { 200: { description: 'It is done.', content: contentOf(call.reply) } }),
      default: {
        description: 'Nothing was done, and why.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function parametersOf(
  schema: z.ZodObject | undefined,
  { where }: { where: 'path' | 'query' },
): Json[] {
  if (schema === undefined) return [];
  // A query is text: the type that a value has in the end is that of the output.
  const { properties = {} } = schemaOf(schema, 'output') as { properties?: Record<string, Json> };
  const { required = [] } = schemaOf(schema, 'input') as { required?: string[] };
  return Object.entries(properties).map(([name, { description, ...inner }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: inner,
  }));
}

function bodyOf(body: z.ZodObject): Json {
  const schema = schemaOf(body, 'input');
  const required = ((schema.required ?? []) as unknown[]).length > 0;
  return { required, content: { 'application/json': { schema } } };
}

function contentOf(reply: Call['reply']): Json {
  if ('bytes' in reply) return { [reply.bytes]: { schema: {} } };
  if ('text' in reply) return { 'text/plain': { schema: { type: 'string' } } };
  // A WebSocket, of which OpenAPI has no word: what the server says in frames of text.
  if ('frames' in reply)
    return { 'application/json': { schema: schemaOf(reply.frames, 'output') } };
  if ('data' in reply) {
    return { 'text/event-stream': { schema: schemaOf(reply.data, 'output') } };
  }
  if (!('line' in reply)) return { 'application/json': { schema: schemaOf(reply, 'output') } };
  // One value a line: the schema is that of each.
  return { 'application/x-ndjson': { schema: schemaOf(reply.line, 'output') } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
