// The OpenAPI description of the calls, as other programs read it.
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { z } from 'zod';
import type { Call } from '../../../../agent/api/calls/call.ts';
import { calls } from '../../../../agent/api/calls.ts';
import { openApi } from '../../../../agent/api/description/openapi.ts';

type Operation = {
  readonly operationId: string;
  readonly 'x-walt-role': string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content: Record<string, { schema: object }> }>;
};

const described = openApi(calls) as { paths: Record<string, Record<string, Operation>> };

test('openApi() has every call at its path, with its role and all of its fields', (t) => {
  for (const [name, call] of Object.entries<Call>(calls)) {
    const path = call.path.replaceAll(/:(\w+)/g, '{$1}');
    const operation = described.paths[path]?.[call.method.toLowerCase()];
    t.is(operation?.operationId, name);
    t.is(operation?.['x-walt-role'], call.role);
    const inPath = operation?.parameters?.filter((one) => one.in === 'path') ?? [];
    t.deepEqual(
      inPath.map((one) => one.name),
      Object.keys(call.params?.shape ?? {}),
      name,
    );
    t.is(
      operation?.requestBody !== undefined,
      call.body !== undefined || call.takesBytes === true,
      name,
    );
  }
});

test('openApi() has schemas that a validator of JSON Schema 2020-12 takes', (t) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const { requestBody, responses } of Object.values(described.paths).flatMap(Object.values)) {
    const contents = [requestBody?.content ?? {}, responses[200]?.content ?? {}];
    const schemas = contents.flatMap(Object.values).map(({ schema }) => schema);
    for (const schema of schemas) t.notThrows(() => ajv.compile(schema));
  }
});

test('openApi() asks for what has no default, and tells lines from one value', (t) => {
  const row: Call = {
    method: 'POST',
    path: '/api/v1/things/:thing',
    role: 'user',
    help: 'Does it.',
    params: z.strictObject({ thing: z.string() }),
    body: z.strictObject({ a: z.string(), b: z.boolean().default(false) }),
    reply: { line: z.object({ kind: z.literal('done') }) },
  };
  const { paths } = openApi({ 'things.do': row }) as typeof described;
  const { requestBody, responses } = paths['/api/v1/things/{thing}']?.post ?? {};
  t.like(requestBody?.content['application/json']?.schema, { required: ['a'] });
  t.deepEqual(Object.keys(responses?.[200]?.content ?? {}), ['application/x-ndjson']);
});
