// Values of the right type that nobody means well with, in each field of each row: whatever comes of it is the answer of the row or one
// sentence with a code, never a fault of the server.
import test from 'ava';
import type { FastifyInstance } from 'fastify';
import type { Call } from '../../../../agent/api/calls/call.ts';
import { calls } from '../../../../agent/api/calls.ts';
import { buildApi } from '../../../../agent/api/routes.ts';
import { CASES, type Lab, openLab } from '../call-cases.ts';

const TEXTS = [
  'a\0b',
  '../../../etc/passwd',
  '-rf',
  'two\nlines\r\n\u2028',
  '\ud800',
  '\u202enode\u200b',
  '__proto__',
  'x'.repeat(100_000),
];
const NUMBERS = [-1, 0.5, 2 ** 53, 1e308, -1e308];
let lab: Lab;
let api: FastifyInstance;
const problems: unknown[] = [];

test.before(async (t) => {
  t.timeout(60_000);
  lab = await openLab();
  api = buildApi(lab.platform.answers, { onProblem: (reason) => problems.push(reason) });
});

test.after.always(async () => {
  await api?.close();
  await lab?.close();
});

type Fields = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly text: string };

async function ask({ method, path, params, ...call }: Call, fields: Fields): Promise<Answer> {
  const isParam = (name: string) => params !== undefined && name in params.shape;
  const url = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(fields[name]).toWellFormed()),
  );
  const others = Object.entries(fields).filter(([name]) => !isParam(name));
  const texts = others.map(([name, value]) => [name, `${value}`.toWellFormed()]);
  const query = { query: Object.fromEntries(texts) };
  const given = call.body === undefined ? query : { payload: Object.fromEntries(others) };
  const isBytes = call.takesBytes === true;
  const type = isBytes ? { 'content-type': 'application/octet-stream' } : {};
  const headers = { 'x-walt-user': 'alice', 'x-walt-page': '1', ...type };
  const sent = isBytes ? { payload: 'bytes' } : given;
  const { statusCode, body } = await api.inject({ method, url, headers, ...sent });
  return { status: statusCode, text: body };
}

function oddOnes(good: Fields, shapes: readonly (readonly [string, unknown])[]): Fields[] {
  return shapes.flatMap(([name]) => {
    const value = good[name];
    if (typeof value === 'number') return NUMBERS.map((odd) => ({ ...good, [name]: odd }));
    if (Array.isArray(value)) return TEXTS.map((odd) => ({ ...good, [name]: [odd] }));
    if (typeof value === 'boolean' || (typeof value === 'object' && value !== null)) return [];
    return TEXTS.map((odd) => ({ ...good, [name]: odd }));
  });
}

for (const [name, call] of Object.entries<Call>(calls)) {
  test.serial(`${name} takes odd values, or refuses them in one sentence`, async (t) => {
    t.timeout(5 * 60_000);
    const { params, query, body } = call;
    const shapes = [params, query, body].flatMap((one) => Object.entries(one?.shape ?? {}));
    const good = (await CASES[name]?.(lab)) ?? {};
    for (const fields of oddOnes(good, shapes)) {
      const { status, text } = await ask(call, fields);
      const sent = JSON.stringify(fields).slice(0, 300);
      if (status < 400) continue;
      const { error, code, ...more } = JSON.parse(text);
      t.true(status < 500, `${status} ${sent} ${error}`);
      t.deepEqual(more, {}, sent);
      t.regex(error, /^[^\p{Cc}\u2028\u202e]{10,4001}$/u, sent);
      t.regex(code, /^[a-z-]+$/, sent);
    }
    t.deepEqual(problems.splice(0), []);
  });
}
