// What of a change of the API breaks clients.
import test from 'ava';
import { breakingChanges, type Description } from '../../../scripts/docs/api-changes.ts';

type Shape = Parameters<typeof call>[0];

/** A description of one call. */
function call({
  role = 'user',
  asked = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  given = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
  form = 'application/json',
}: {
  role?: string;
  asked?: object;
  given?: object;
  form?: string;
}): Description {
  const operation = {
    operationId: 'things.do',
    'x-walt-role': role,
    requestBody: { content: { 'application/json': { schema: asked } } },
    responses: { 200: { content: { [form]: { schema: given } } } },
  };
  return { paths: { '/things': { post: operation } } };
}

const object = (properties: object, required: string[] = []) => ({
  ...{ type: 'object', properties, required },
});
const text = { type: 'string' };
const number = { type: 'integer' };
const line = (kind: string, more = {}) => object({ kind: { const: kind }, ...more });

const breaking: readonly (readonly [string, Shape, Shape, RegExp])[] = [
  ['a higher role', {}, { role: 'admin' }, /takes role admin, user was enough/],
  [
    'a new field that is needed',
    {},
    { asked: object({ name: text, now: text }, ['name', 'now']) },
    /field now is needed/,
  ],
  ['a field that is not taken', {}, { asked: object({}) }, /field name is not taken/],
  [
    'another type of a field',
    {},
    { asked: object({ name: number }, ['name']) },
    /field name does not take string/,
  ],
  [
    'a word that is gone',
    { asked: object({ verb: { enum: ['on', 'off'] } }) },
    { asked: object({ verb: { enum: ['on'] } }) },
    /field verb does not take "off"/,
  ],
  [
    'words in place of any text',
    { asked: object({ verb: text }) },
    { asked: object({ verb: { enum: ['on'] } }) },
    /field verb does not take string/,
  ],
  [
    'a lower limit',
    { asked: object({ n: { ...number, maximum: 9 } }) },
    { asked: object({ n: { ...number, maximum: 5 } }) },
    /field n has a narrower maximum/,
  ],
  ['a field that is not answered', {}, { given: object({}) }, /field id is not in the reply/],
  [
    'a field that may be missing',
    {},
    { given: object({ id: number }) },
    /field id of the reply may be missing/,
  ],
  [
    'null where there was none',
    {},
    { given: object({ id: { type: ['integer', 'null'] } }, ['id']) },
    /field id of the reply may be null/,
  ],
  ['lines in place of a value', {}, { form: 'application/x-ndjson' }, /does not answer app/],
  [
    'a form of a line that is gone',
    { given: { oneOf: [line('done'), line('failed')] } },
    { given: { oneOf: [line('done')] } },
    /form failed is gone/,
  ],
  [
    'a field of a form that is gone',
    { given: { oneOf: [line('done', { id: number })] } },
    { given: { oneOf: [line('done')] } },
    /field done\.id is not in the reply/,
  ],
  [
    'a field deep in a list',
    { given: object({ all: { type: 'array', items: object({ a: text }) } }) },
    { given: object({ all: { type: 'array', items: object({}) } }) },
    /field all\[\]\.a is not in the reply/,
  ],
];

for (const [what, before, after, sentence] of breaking) {
  test(`breakingChanges() names ${what}`, (t) => {
    const changes = breakingChanges(call(before), call(after));
    t.true(
      changes.some((change) => sentence.test(change)),
      changes.join('\n'),
    );
    t.deepEqual(breakingChanges(call(before), call(before)), []);
  });
}

const harmless: readonly (readonly [string, Shape, Shape])[] = [
  ['a lower role', {}, { role: 'viewer' }],
  ['a new field that may be left out', {}, { asked: object({ name: text, more: text }, ['name']) }],
  ['a new field of the reply', {}, { given: object({ id: number, more: text }, ['id', 'more']) }],
  [
    'a new word that is taken',
    { asked: object({ verb: { enum: ['on'] } }) },
    { asked: object({ verb: { enum: ['on', 'off'] } }) },
  ],
  [
    'any text in place of words',
    { asked: object({ verb: { enum: ['on'] } }) },
    { asked: object({ verb: text }) },
  ],
  [
    'another kind of line',
    { given: { oneOf: [line('done')] } },
    { given: { oneOf: [line('done'), line('new')] } },
  ],
];

for (const [what, before, after] of harmless) {
  test(`breakingChanges() lets ${what} pass`, (t) => {
    t.deepEqual(breakingChanges(call(before), call(after)), []);
  });
}

test('breakingChanges() names a call that is gone', (t) => {
  t.deepEqual(breakingChanges(call({}), { paths: {} }), ['POST /things is gone']);
});
