import test from 'ava';
import { parseImageSpec } from '../../../../../agent/images/content/templates/image-spec.ts';

const spec = (templates: string[], features: string[] = []) => ({
  kind: 'spec',
  spec: { templates, features },
});

for (const [what, text, expected] of [
  ['JSON with comments', '{\n  # x\n  "templates": [\n    "/a" # y\n  ]\n}\n', spec(['/a'])],
  ['JSON with tabs', '{\n\t"templates": [\n\t\t"/a b",\n\t\t"/é"\n\t]\n}\n', spec(['/a b', '/é'])],
  ['YAML', 'templates:\n  - /a\n  - /a\nfeatures:\n  ptp: /bin/ptp\n', spec(['/a'], ['ptp'])],
  ['an empty file', '', spec([])],
  ['keys it does not know', '{"other": 1, "features": null}', spec([])],
] as const) {
  test(`parseImageSpec() reads ${what}`, (t) => {
    t.deepEqual(parseImageSpec(text), expected as ReturnType<typeof parseImageSpec>);
  });
}

const BOMB = ['a: &a [x,x,x]', ...'bcdef'.split('').map(nested)].join('\n');

function nested(name: string, index: number): string {
  const before = 'abcdef'[index];
  return `${name}: &${name} [${`*${before},`.repeat(9)}]`;
}

for (const [what, text, reason] of [
  ['half of it', '{"templates": [', /line 1/],
  ['a relative path', '{"templates": ["etc/x"]}', /^templates\.0: expected an absolute path/],
  ['a text for a list', '{"templates": "/a"}', /^templates: .*array/],
  ['a list', '["/a"]', /object/],
  ['an alias to nothing', 'templates: *x', /x/],
  ['aliases that multiply', BOMB, /alias/i],
] as const) {
  test(`parseImageSpec() says what is wrong with ${what}`, (t) => {
    const parsed = parseImageSpec(text);
    t.is(parsed.kind, 'wrong');
    t.regex(parsed.kind === 'wrong' ? parsed.reason : '', reason);
  });
}
