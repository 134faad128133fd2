import test from 'ava';
import { readArguments } from '../../../../agent/boot/ipxe-script/arguments.ts';

const syntax = { options: { name: 'n:', timeout: 't:', replace: 'r', autofree: 'a' }, least: 1 };

const good: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['kernel', {}, 'kernel'],
  ['--timeout 5000 kernel quiet', { timeout: '5000' }, 'kernel quiet'],
  ['-n NAME kernel', { name: 'NAME' }, 'kernel'],
  ['-nNAME kernel', { name: 'NAME' }, 'kernel'],
  ['--name=NAME kernel', { name: 'NAME' }, 'kernel'],
  ['--name= kernel', { name: '' }, 'kernel'],
  ['-ar kernel', { autofree: '', replace: '' }, 'kernel'],
  ['-ant kernel', { autofree: '', name: 't' }, 'kernel'],
  ['-a -t 1 --replace kernel', { autofree: '', timeout: '1', replace: '' }, 'kernel'],
  ['kernel --name x -a', {}, 'kernel --name x -a'],
  ['-a -- --name', { autofree: '' }, '--name'],
];

for (const [line, options, words] of good) {
  test(`readArguments() reads '${line}' as iPXE's getopt does`, (t) => {
    const read = readArguments(line.split(' '), syntax);
    t.deepEqual(read, { options: new Map(Object.entries(options)), words: words.split(' ') });
  });
}

for (const [line, wrong] of [
  ['--nam x kernel', /no option --nam$/],
  ['-x kernel', /no option -x$/],
  ['- kernel', /no option -$/],
  ['--replace=yes kernel', /takes no value/],
  ['--name', /--name has no value/],
  ['--name --replace kernel', /--name has no value/],
  ['-an', /--name has no value/],
  ['--help', /no option --help/],
  ['-a', /wants 1 more/],
] as const) {
  test(`readArguments() refuses '${line}', as iPXE does`, (t) => {
    const read = readArguments(line.split(' '), syntax);
    t.regex('wrong' in read ? read.wrong : '', wrong);
  });
}

test('readArguments() keeps empty words, and refuses words that are too many', (t) => {
  t.deepEqual(readArguments([''], { least: 1, most: 1 }), { options: new Map(), words: [''] });
  t.true('wrong' in readArguments(['a', 'b'], { most: 1 }));
});
