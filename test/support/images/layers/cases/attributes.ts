// Extended attributes.
import { asTar, differs, type LayerCase, refused, same } from '../layer-case.ts';
import { entry, file, folder, hardLink, link, pax } from '../raw-tar.ts';

/** cap_net_raw=ep, in the form of revision 2 (Linux, capability.h). */
const CAPABILITY = '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

export const ATTRIBUTE_CASES: readonly LayerCase[] = [
  same('capabilities of a file', [
    pax([['SCHILY.xattr.security.capability', CAPABILITY]]),
    file('ping', 'x'),
  ]),
  same('capabilities of a file of another owner', [
    pax([['SCHILY.xattr.security.capability', CAPABILITY]]),
    file('ping', 'x', { uid: 5 }),
  ]),
  same('attributes of the user', [
    pax([
      ['SCHILY.xattr.user.a', 'one'],
      ['SCHILY.xattr.user.b', 'line\nbreak=\0nul'],
      ['SCHILY.xattr.trusted.c', '\xff\xfe'],
    ]),
    file('a', 'x'),
    pax([['SCHILY.xattr.user.d', 'of a folder']]),
    folder('f/'),
  ]),
  same('attributes of the root', [pax([['SCHILY.xattr.user.a', 'root']]), folder('./'), file('a')]),
  same('an attribute of a link', [pax([['SCHILY.xattr.trusted.a', 'link']]), link('l', 'a')]),
  differs(
    'attributes of the user of a link, a fifo and a hard link to a link',
    {
      why: 'no file system has them: ours leaves them out, as containerd does, umoci refuses',
      names: ['f', 'h', 'l'],
    },
    [
      pax([['SCHILY.xattr.user.a', 'one']]),
      link('l', 'a'),
      pax([['SCHILY.xattr.user.a', 'one']]),
      entry({ name: 'f', type: '6' }),
      pax([['SCHILY.xattr.user.a', 'one']]),
      hardLink('h', 'l'),
    ],
  ),
  asTar('an attribute without a value', 'Go takes it for one that is taken back', [
    pax([['SCHILY.xattr.user.a', '']]),
    file('a', 'x'),
  ]),
  same(
    'attributes go when another entry has none',
    [pax([['SCHILY.xattr.user.a', 'one']]), folder('f/')],
    [folder('f/')],
  ),
  same('attributes of libarchive beside those of star', [
    pax([
      ['LIBARCHIVE.xattr.user.a', Buffer.from('one').toString('base64').replace(/=+$/, '')],
      ['SCHILY.xattr.user.a', 'one'],
    ]),
    file('a', 'x'),
  ]),
  refused('an attribute without a name', /name of an extended attribute/, [
    pax([['SCHILY.xattr.', 'x']]),
    file('a', 'x'),
  ]),
  same('an attribute of 3000 bytes', [
    pax([['SCHILY.xattr.user.a', 'v'.repeat(3000)]]),
    file('a', 'x'),
  ]),
  differs(
    'attributes and other names of a file',
    { why: 'what is said last counts', names: ['a', 'b', 'c'] },
    [file('a', 'x'), pax([['SCHILY.xattr.user.a', 'one']]), hardLink('b', 'a'), hardLink('c', 'a')],
  ),
  differs(
    'attributes of libarchive alone',
    { why: 'umoci and tar do not know them', names: ['a'] },
    [pax([['LIBARCHIVE.xattr.user.%61', 'b25l']]), file('a', 'x')],
  ),
  refused('more attributes than a file can have', /too much/, [
    pax([['SCHILY.xattr.user.a', 'v'.repeat(65_001)]]),
    file('a', 'x'),
  ]),
];
