// Headers of all forms, numbers in all forms, and sizes that lie.
import { asTar, type LayerCase, refused, refusedByUs, same, whole } from '../layer-case.ts';
import {
  archive,
  base256,
  device,
  END,
  entry,
  file,
  folder,
  hardLink,
  link,
  longText,
  pax,
} from '../raw-tar.ts';

/** A block device as the content of a file: who reads the size otherwise sees it. */
const HIDDEN = entry({ name: 'dev/sda', type: '4', device: [8, 0] });

export const HEADER_CASES: readonly LayerCase[] = [
  same('forms: ustar, GNU, star and V7', [
    ...(['ustar', 'gnu', 'star', 'v7'] as const).map((form) => file(form, form, { form })),
  ]),
  same('a prefix in a ustar header', [file('name', 'x', { prefix: 'a/b' })]),
  same('a prefix in a star header', [file('name', 'x', { prefix: 'a/b', form: 'star' })]),
  same('a prefix in a GNU header, as Go wrote it', [
    file('name', 'x', { prefix: 'a/b', form: 'gnu' }),
  ]),
  same('times in a GNU header', [
    file('name', 'x', { form: 'gnu', raw: { 345: '00000000001\0', 357: '00000000002\0' } }),
  ]),
  same('something in the prefix of a V7 header', [
    file('name', 'x', { form: 'v7', raw: { 345: 'a/b' } }),
  ]),
  same('a signed checksum', [file('n\xe9\xe8', 'x', { sum: 'signed' })]),
  same('times in a star header', [
    file('name', 'x', { form: 'star', raw: { 476: '00000000001\0', 488: '00000000002\0' } }),
  ]),
  refused('something else in the times of a star header', /time is no number/, [
    file('name', 'x', { form: 'star', raw: { 480: 'x' } }),
  ]),
  refused('a wrong checksum', /damaged/, [file('name', 'x', { sum: 'wrong' })]),
  same('numbers with spaces', [
    file('name', 'x', { raw: { 100: '   644 \0', 108: '     7 \0', 124: '          1 ' } }),
  ]),
  same('numbers that are empty', [
    file('name', '', { raw: { 108: '\0\0\0\0\0\0\0\0', 124: '            ' } }),
  ]),
  refused('a size that is no number', /size is no number/, [
    file('name', 'x', { raw: { 124: '9z' } }),
  ]),
  same('a size in base 256', [file('name', 'hello', { size: base256(5n, 12) }), file('next', 'x')]),
  refused('a negative size', /negative/, [file('name', '', { size: base256(-512n, 12) })]),
  refused('a size of 2 to the 70th', /no number/, [
    file('name', '', { size: base256(2n ** 70n, 12) }),
  ]),
  same('owners above 2 to the 21st, in base 256 and in pax', [
    file('binary', 'x', { uid: base256(3_000_000n, 8), gid: base256(4_294_967_294n, 8) }),
    pax([
      ['uid', '3000000'],
      ['gid', '4294967294'],
    ]),
    file('pax', 'x'),
  ]),
  refusedByUs('an owner that is negative', /owner -5/, [
    file('name', 'x', { uid: base256(-5n, 8) }),
  ]),
  refusedByUs('an owner of 2 to the 32nd less 1, which means none to chown', /owner 4294967295/, [
    file('name', 'x', { uid: base256(4_294_967_295n, 8) }),
  ]),
  same('times before 1970', [
    file('binary', 'x', { mtime: base256(-100n, 12) }),
    pax([['mtime', '-1.25']]),
    file('pax', 'x'),
    pax([['mtime', '-3']]),
    file('whole', 'x'),
  ]),
  same('fractions of seconds', [
    pax([['mtime', '1700000000.123456789']]),
    file('nine', 'x'),
    pax([['mtime', '1700000000.5']]),
    folder('one/'),
    pax([['mtime', '1700000000.1234567891']]),
    file('ten', 'x'),
  ]),
  refused('a time that is none', /no time/, [pax([['mtime', 'now']]), file('name', 'x')]),
  same('setuid, setgid and sticky bits', [
    ...[0o4755, 0o2755, 0o6711, 0o1644].map((mode) => file(mode.toString(8), 'x', { mode })),
    folder('tmp/', { mode: 0o1777 }),
    folder('group/', { mode: 0o2775, gid: 7 }),
    file('group/member', 'x', { gid: 8 }),
  ]),
  same('bits of the kind of file in a mode', [file('name', 'x', { mode: 0o100644 })]),
  same('setuid of a file of another owner', [file('su', 'x', { mode: 0o4755, uid: 7, gid: 8 })]),

  refusedByUs(
    'pax says a size, then GNU says a name, and a device hides in between',
    /device file/,
    [pax([['size', '0']]), longText('L', 'name'), file('name', HIDDEN)],
  ),
  same('the size is in pax alone', [
    pax([['size', '5']]),
    file('name', 'hello', { size: 0 }),
    file('next', 'x'),
  ]),
  refusedByUs('the size in pax is shorter, and a device hides behind it', /device file/, [
    pax([['size', '0']]),
    file('name', HIDDEN),
  ]),
  same('the size in pax is longer, and hides what the header would show', [
    pax([['size', '512']]),
    file('name', HIDDEN, { size: 0 }),
    file('next', 'x'),
  ]),
  refused('the size in pax is negative', /size is no number/, [
    pax([['size', '-1']]),
    file('name', 'x'),
  ]),
  refused('the size in pax is no number', /size is no number/, [
    pax([['size', '0x5']]),
    file('name', 'x'),
  ]),
  same('a pax size that is taken back', [pax([['size', '']]), file('name', 'hello')]),
  refused('half an end mark, then more', /part of the end mark/, [
    file('name', 'x'),
    Buffer.alloc(512),
    file('hidden', 'x'),
  ]),
  same('folders and links with a size, whose content is none', [
    folder('folder/', { size: 512 }),
    file('folder/file', 'x'),
    hardLink('hard', 'folder/file', { size: 512 }),
    link('soft', 'folder/file', { size: 512 }),
    file('next', 'y'),
  ]),
  refusedByUs('a fifo with content, which programs skip or not', /no file and has content/, [
    entry({ name: 'fifo', type: '6', content: HIDDEN }),
  ]),
  same('a fifo', [entry({ name: 'run/fifo', type: '6', mode: 0o620, uid: 3 })]),
  same('devices that harm nobody', [
    folder('dev/'),
    device('dev/null', [1, 3], { mode: 0o666 }),
    device('dev/console', [5, 1], { mode: 0o600, form: 'gnu' }),
  ]),
  refusedByUs('a device of memory', /device file/, [device('dev/mem', [1, 1])]),
  refusedByUs('a device of harmless name and other number', /device file/, [
    device('dev/null', [1, 1]),
  ]),
  refusedByUs('a harmless device elsewhere', /device file/, [device('etc/null', [1, 3])]),
  refusedByUs('a harmless device through a link', /device file/, [
    folder('etc/'),
    link('dev', 'etc'),
    device('dev/null', [1, 3]),
  ]),
  refusedByUs('a block device', /device file/, [HIDDEN]),
  same('type NUL is a file', [entry({ name: 'nul', type: '\0', content: 'y', form: 'v7' })]),
  asTar('type 7 is a file', 'umoci does not know the type', [
    entry({ name: 'seven', type: '7', content: 'x' }),
  ]),
  same('a V7 file that is called like a folder is one', [
    entry({ name: 'folder/', type: '\0', form: 'v7' }),
    file('folder/file', 'x'),
  ]),
  refusedByUs('a file of POSIX that is called like a folder', /called like a folder/, [
    file('folder/'),
  ]),
  refusedByUs('a file with content that is called like a folder', /called like a folder/, [
    file('folder/', 'x'),
  ]),
  ...['A', 'D', 'M', 'N', 'V', 'X', 's', '8', '9'].map((type) =>
    refused(`type ${type}`, /of a kind that no image has/, [entry({ name: 'name', type })]),
  ),

  same('an archive without an end mark', whole(file('name', 'hello'))),
  same(
    'an archive with half an end mark',
    whole(Buffer.concat([file('name', 'x'), Buffer.alloc(512)])),
  ),
  same('an archive without the last padding', whole(file('name', 'hello', { isPadded: false }))),
  same('bytes after the end mark', whole(Buffer.concat([archive(file('name', 'x')), HIDDEN]))),
  same(
    'many zeros after the end mark',
    whole(Buffer.concat([archive(file('name', 'x')), Buffer.alloc(9216)])),
  ),
  same(
    'an odd number of bytes after the end mark',
    whole(Buffer.concat([archive(file('a')), Buffer.from('x')])),
  ),
  same('an archive with nothing in it', whole(END)),
  same('no bytes at all', whole(Buffer.alloc(0))),
  refused('text', /damaged|too early/, whole(Buffer.from('hello '.repeat(200)))),
];
