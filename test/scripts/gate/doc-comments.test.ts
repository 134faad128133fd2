import test from 'ava';
import { undocumentedIn } from '../../../scripts/gate/doc-comments.ts';

const finds = test.macro<[string, readonly string[]]>({
  exec: (t, text, names) => {
    const found = undocumentedIn('x.ts', text);
    t.deepEqual(
      found.map(({ name, line }) => `${name} ${line}`),
      names,
    );
  },
  title: (_, text) => `undocumentedIn() of ${text.replaceAll('\n', ' ')}`,
});

test(finds, 'export function f() {}', ['f 1']);
test(finds, '/** Says why. */\nexport function f() {}', []);
test(finds, '// No doc comment.\nexport function f() {}', ['f 2']);
test(finds, '/* Nor this. */\nexport function f() {}', ['f 2']);
test(finds, '/** */\nexport function f() {}', ['f 2']);
test(finds, '/** Of the file. */\nimport "x";\nexport function f() {}', ['f 3']);
test(finds, '/** Of the file. */\n\nconst a = 1;\nexport const f = () => a;', ['f 4']);
test(finds, '/** Of the file. */\n\nexport function f() {}', ['f 3']);
test(finds, 'function f() {}', []);
test(finds, 'export const f = () => 1;', ['f 1']);
test(finds, 'export const COUNT = 1;', []);
test(finds, 'export type T = { readonly a: string };', ['T 1']);
test(finds, 'export interface I { a: string }', ['I 1']);
test(finds, 'export default function f() {}', ['f 1']);
test(finds, 'export class C {}', ['C 1']);
test(finds, '/** Has a life. */\nexport class C {\n  m(a: number) {}\n}', ['C.m 3']);
test(finds, '/** Has a life. */\nexport class C {\n  /** Counts. */\n  m(a: number) {}\n}', []);
test(finds, '/** Has a life. */\nexport class C {\n  m() {}\n  #p(a: number) {}\n}', []);
test(finds, '/** Has a life. */\nexport class C {\n  constructor(a: number) {}\n}', []);
test(finds, '/** Two. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2 {}', []);

test('undocumentedIn() tells what is no TypeScript', (t) => {
  t.throws(() => undocumentedIn('x.ts', 'export {'), { instanceOf: SyntaxError });
});
