// Names: how long, of which bytes, said by whom; what pax headers may say.
import { asTar, type LayerCase, refused, refusedByUs, same } from '../layer-case.ts';
import { entry, file, folder, hardLink, link, longText, pax } from '../raw-tar.ts';

const LONG = `${'d'.repeat(120)}/${'f'.repeat(130)}`;

export const NAME_CASES: readonly LayerCase[] = [
  same('a long name, as GNU says it', [longText('L', LONG), file('cut', 'x', { form: 'gnu' })]),
  same('a long name, as pax says it', [pax([['path', LONG]]), file('cut', 'x')]),
  same('a name of GNU and the same one of pax', [
    pax([['path', LONG]]),
    longText('L', LONG),
    file('header', 'x'),
  ]),
  refusedByUs(
    'a name of GNU and another of pax: Go takes the one, GNU tar the other',
    /two names/,
    [pax([['path', 'pax']]), longText('L', 'gnu'), file('header', 'x')],
  ),
  refusedByUs('a target of GNU and another of pax', /two targets/, [
    longText('K', 'gnu'),
    pax([['linkpath', 'pax']]),
    link('header', 'x'),
  ]),
  same('a long target, as GNU and as pax says it', [
    longText('K', LONG),
    link('gnu', 'cut'),
    pax([['linkpath', LONG]]),
    link('pax', 'cut'),
    longText('L', `${LONG}-name`),
    longText('K', LONG),
    link('cut', 'cut'),
  ]),
  same('a long target of a hard link', [
    pax([['path', LONG]]),
    file('cut', 'x'),
    longText('K', LONG),
    hardLink('hard', 'cut'),
  ]),
  refusedByUs('two long names, of which programs take the first or the last', /two long names/, [
    longText('L', 'first'),
    longText('L', 'second'),
    file('header', 'x'),
  ]),
  refusedByUs('two pax headers, which programs join or not', /two pax headers/, [
    pax([['path', 'first']]),
    pax([['mtime', '5']]),
    file('header', 'x'),
  ]),
  same('a pax header with a name twice', [
    pax([
      ['path', 'first'],
      ['path', 'second'],
    ]),
    file('header', 'x'),
  ]),
  same('a pax header that takes a name back', [pax([['path', '']]), file('header', 'x')]),
  refused('a pax header whose length lies', /pax header is damaged/, [
    entry({ name: 'x', type: 'x', content: '99 path=a\n' }),
    file('header', 'x'),
  ]),
  refused('a pax header without an equals sign', /pax header is damaged/, [
    entry({ name: 'x', type: 'x', content: '9 pathab\n' }),
    file('header', 'x'),
  ]),
  refused('a pax header with NUL in a name', /pax header is damaged/, [
    pax([['path', 'a\0b']]),
    file('header', 'x'),
  ]),
  same('a pax header with words that nobody knows', [
    pax([
      ['comment', 'hello'],
      ['VENDOR.thing', 'a=b'],
    ]),
    file('header', 'x'),
  ]),
  refusedByUs('a pax header and nothing behind it', /too early/, [pax([['path', 'a']])]),
  same('an empty pax header', [entry({ name: 'x', type: 'x' }), file('header', 'x')]),
  asTar('a global header with a comment', 'umoci knows no global headers', [
    pax([['comment', 'abc']], 'g'),
    file('name', 'x'),
  ]),
  ...['path', 'size', 'linkpath', 'uid', 'mtime', 'SCHILY.xattr.user.a'].map((key) =>
    refused(`a global header with ${key}, which programs heed or not`, /global pax header/, [
      pax([[key, '0']], 'g'),
      file('name', 'x'),
    ]),
  ),

  same('names that are no UTF-8', [
    file('n\xff\xfe', 'x'),
    folder('\xe9/'),
    link('\xe9/link', '../n\xff\xfe'),
    hardLink('\x80', 'n\xff\xfe'),
  ]),
  same('names of UTF-8, also in pax', [
    file(Buffer.from('größe').toString('latin1'), 'x'),
    pax([['path', Buffer.from('日本').toString('latin1')]]),
    file('cut', 'y'),
  ]),
  same('names with newlines, spaces, backslashes and quotes', [
    ...[
      'a\nb',
      ' a ',
      'a\\b',
      '"',
      "'",
      '$(x)',
      '*',
      'a\tb',
      '-rf',
      '~',
      'a=b',
      '\\012',
      '# file: a',
    ].map((name) => file(name, name)),
  ]),
  same('names with dots', [
    file('..a', 'x'),
    file('a..', 'x'),
    file('...', 'x'),
    folder('.config/'),
  ]),
  same('prefixes ./ and /, doubled and trailing slashes', [
    folder('./'),
    file('./a', 'x'),
    file('/b', 'x'),
    folder('c/'),
    file('//c//d', 'x'),
    folder('e//'),
    file('e/./f', 'x'),
    folder('g'),
  ]),
  same('a name twice: the last counts', [file('a', 'first'), file('a', 'second', { mode: 0o600 })]),
  same('folders without entries', [file('a/b/c/d', 'x'), folder('a/b/')]),
  same('a folder twice', [
    folder('a/', { mode: 0o700, uid: 5 }),
    file('a/b', 'x'),
    folder('a/', { mode: 0o755, gid: 6, mtime: 77 }),
  ]),
  same('the root with mode and owner', [
    folder('./', { mode: 0o711, uid: 3, gid: 4, mtime: 99 }),
    file('a'),
  ]),
  same('the root as /', [folder('/', { mode: 0o750 }), file('a')]),
  same('the root as .', [folder('.', { mode: 0o750 }), file('a')]),
  refused('the root as a link', /root of it is no folder/, [link('.', '/tmp'), file('a')]),
  refused('the root as a file', /root of it is no folder/, [file('./.', 'x')]),
  refused('an empty name of a file', /root of it is no folder/, [file('', 'x')]),
  refusedByUs('a path that climbs', /climbs/, [file('../a', 'x')]),
  refusedByUs('a path that climbs and comes back', /climbs/, [folder('a/'), file('a/../b', 'x')]),
  same('a name of 255 bytes', [pax([['path', 'n'.repeat(255)]]), file('cut', 'x')]),
  refused('a name of 256 bytes', /too long/, [pax([['path', 'n'.repeat(256)]]), file('cut', 'x')]),
  same('a target of 4095 bytes', [pax([['linkpath', 't'.repeat(4095)]]), link('a', 'cut')]),
  refused('a target of 4096 bytes', /no target/, [
    pax([['linkpath', 't'.repeat(4096)]]),
    link('a', 'cut'),
  ]),
  refused('a link without a target', /no target/, [link('a', '')]),
];
