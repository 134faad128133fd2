// Every row of the table of calls, asked without a socket.
import test from 'ava';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Call } from '../../../agent/api/calls/call.ts';
import { calls } from '../../../agent/api/calls.ts';
import { buildApi } from '../../../agent/api/routes.ts';
import { CASES, type Lab, MEDIUM, openLab } from './call-cases.ts';

type Fields = Readonly<Record<string, unknown>>;

const rows = Object.entries<Call>(calls);
const NOBODY = { 'x-walt-page': '1' };
const ALICE = { 'x-walt-user': 'alice', ...NOBODY };
let lab: Lab;
let api: FastifyInstance;
/** What the good request of each call had. */
const sent = new Map<string, Fields>();

test.before(async (t) => {
  t.timeout(60_000);
  lab = await openLab();
  api = buildApi(lab.platform.answers, { onProblem: (reason) => t.log(reason) });
});

test.after.always(async () => {
  await api?.close();
  await lab?.close();
});

const BYTES = { payload: 'bytes', headers: { 'content-type': 'application/octet-stream' } };

/** Puts each field where the row has it. */
async function ask(
  { method, path, params, ...call }: Call,
  fields: Fields,
  headers: Record<string, string> = ALICE,
) {
  const isParam = (name: string) => params !== undefined && name in params.shape;
  const url = path.replace(/:(\w+)/, (_, name: string) => String(fields[name]));
  const others = Object.entries(fields).filter(([name]) => !isParam(name));
  const values = Object.fromEntries(others);
  const given = call.body === undefined ? { query: textOf(values) } : { payload: values };
  const where = call.takesBytes === true ? { ...given, ...BYTES } : given;
  const { statusCode, body } = await api.inject({
    ...{ method, url, ...where },
    headers: { ...headers, ...('headers' in where ? where.headers : {}) },
  });
  return { status: statusCode, text: body };
}

function textOf(values: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}`]));
}

test('every call has a case, and every case a call', (t) => {
  t.deepEqual(Object.keys(CASES).toSorted(), Object.keys(calls).toSorted());
});

test('no two calls have the same method and path', (t) => {
  const requests = rows.map(([, { method, path }]) => `${method} ${path}`);
  t.is(new Set(requests).size, requests.length);
});

test('the fields of a call are where its method has them, and none is there twice', (t) => {
  for (const [name, { method, path, params, query, body, takesBytes }] of rows) {
    t.is(body === undefined && takesBytes !== true, method === 'GET', name);
    t.true(query === undefined || method === 'GET', name);
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, field]) => field);
    t.deepEqual(inPath, Object.keys(params?.shape ?? {}), name);
    const fields = [params, query, body].flatMap((schema) => Object.keys(schema?.shape ?? {}));
    t.is(new Set(fields).size, fields.length, name);
  }
});

/** Calls about running nodes: those here do not run. */
const UNREACHED: ReadonlySet<string> = new Set([
  'nodes.shell',
  'nodes.copyIn',
  'nodes.copyOut',
  'nodes.copyBetween',
  'nodes.save',
  'nodes.connect',
  'nodes.blink',
  'nodes.save',
]);

for (const [name, call] of rows) {
  test.serial(`${name} answers in the form that its row says`, async (t) => {
    t.timeout(60_000);
    const fields = (await CASES[name]?.(lab)) ?? {};
    sent.set(name, fields);
    // A shell stays open until its request ends, which only a real connection does: see servers/socket-server.test.ts, answers/kept-shells.test.ts.
    if (name === 'images.shell' || name === 'images.resumeShell') return t.pass();
    const { status, text } = await ask(call, fields);
    if ('frames' in call.reply) {
      // What it answers by WebSocket is in frames/.
      t.like({ status, ...JSON.parse(text) }, { status: 426, code: 'no-websocket' });
      return;
    }
    t.is(status, 200, text);
    if ('bytes' in call.reply) return t.is(text, MEDIUM);
    if ('text' in call.reply) return t.regex(text, /^# TYPE walt_boots_started_total counter$/m);
    if ('data' in call.reply) return t.regex(text, /^: here\nid: \d+-\d+\n\n/);
    if (!('line' in call.reply)) {
      t.deepEqual(call.reply.parse(JSON.parse(text)), JSON.parse(text));
      return;
    }
    const { line: form } = call.reply;
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.true(lines.length > 0);
    for (const line of lines) t.deepEqual(form.parse(line), line);
    const last = name.startsWith('devices.') ? 'ended' : UNREACHED.has(name) ? 'failed' : 'done';
    if (!['logs.read', 'consoles.open'].includes(name)) t.is(lines.at(-1)?.kind, last, text);
  });
}

/** Requests that are wrong in one thing, with what the answer has to name. */
function wrongRequests({ params, query, body }: Call, good: Fields): [Fields, string][] {
  const { shape = {} } = body ?? query ?? {};
  const fields = Object.entries<z.core.$ZodType>(shape as never) as [string, z.ZodType][];
  const isText = (schema: z.ZodType) => body === undefined && schema.safeParse('text').success;
  const odd = fields.filter(([, schema]) => !isText(schema));
  const needed = fields.filter(([, schema]) => !schema.safeParse(undefined).success);
  const inPath = Object.keys(params?.shape ?? {});
  const without = (name: string) =>
    Object.fromEntries(
      Object.entries(good).filter(([key]) => key !== name || inPath.includes(key)),
    );
  return [
    [{ ...good, surplus: 1 }, 'surplus'],
    ...odd.map(([name]): [Fields, string] => [{ ...good, [name]: { odd: true } }, name]),
    ...needed.map(([name]): [Fields, string] => [without(name), name]),
  ];
}

for (const [name, call] of rows) {
  test.serial(`${name} refuses what its row does not have, in one sentence`, async (t) => {
    for (const [fields, wrong] of wrongRequests(call, sent.get(name) ?? {})) {
      const { status, text } = await ask(call, fields);
      t.is(status, 400, JSON.stringify(fields));
      const { error, ...more } = JSON.parse(text);
      t.deepEqual(more, { code: 'bad-request' });
      t.regex(error, new RegExp(`^Cannot do ${name}: .*'${wrong}(\\.\\w+)?'[^\\n]*$`));
    }
  });

  const isViewers = call.role === 'viewer' && call.needsUser !== true;
  test.serial(`${name} ${isViewers ? 'answers' : 'refuses'} whoever says no name`, async (t) => {
    const { status, text } = await ask(call, sent.get(name) ?? {}, NOBODY);
    t.is(status, isViewers ? 200 : 400, text);
    if (isViewers) return;
    t.regex(JSON.parse(text).error, /^Cannot tell who asks: expected header x-walt-user/);
  });
}

test.serial('a request that no call has is answered in a sentence', async (t) => {
  for (const url of ['/api/v1/nothing?x=1', '/']) {
    const { statusCode, body } = await api.inject({ url });
    t.is(statusCode, 404);
    t.deepEqual(JSON.parse(body), {
      error: `There is no GET ${url.split('?')[0]} in this API`,
      code: 'not-found',
    });
  }
  const undecodable = await api.inject({ url: '/api/v1/nodes/%ff' });
  t.is(undecodable.statusCode, 400);
  t.regex(JSON.parse(undecodable.body).error, /^Cannot read it: .*%ff/);
  const broken = { method: 'POST', url: '/api/v1/nodes/reboot' } as const;
  const json = { ...ALICE, 'content-type': 'application/json' };
  for (const request of [
    { ...broken, headers: json, payload: '{' },
    { ...broken, headers: json, payload: '[]' },
    { ...broken, headers: json, payload: '"x"' },
    { ...broken, headers: { ...ALICE, 'content-type': 'text/plain' }, payload: 'x' },
    { ...broken, headers: ALICE },
  ]) {
    const { statusCode, body } = await api.inject(request);
    t.true(statusCode >= 400 && statusCode < 500, body);
    t.regex(JSON.parse(body).error, /^[^\n]+$/);
  }
});
