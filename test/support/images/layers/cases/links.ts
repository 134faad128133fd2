// Links of both kinds, and paths that lead through them.
import { differs, type LayerCase, refused, refusedByUs, same } from '../layer-case.ts';
import { file, folder, hardLink, link, pax } from '../raw-tar.ts';

const LAST = {
  why: 'what is said last of a file counts, as in containerd and Docker; umoci and tar pass over it',
  names: ['a', 'b'],
} as const;

export const LINK_CASES: readonly LayerCase[] = [
  same('a hard link within a layer', [
    file('a', 'x', { mode: 0o600 }),
    hardLink('b', 'a', { mode: 0o600 }),
  ]),
  same('a hard link over layers', [file('a/b', 'x')], [hardLink('c', 'a/b')]),
  same('a hard link to a hard link', [file('a', 'x'), hardLink('b', 'a'), hardLink('c', 'b')]),
  same('a hard link to a link', [file('a', 'x'), link('l', 'a'), hardLink('h', 'l')]),
  same('a hard link to a link to nowhere', [link('l', 'nowhere'), hardLink('h', 'l')]),
  refused('a hard link to a missing file', /no such file/, [hardLink('a', 'missing')]),
  refused('a hard link to a file in a missing folder', /no such file/, [
    hardLink('a', 'missing/b'),
  ]),
  refused('a hard link to a file that comes later', /no such file/, [
    hardLink('a', 'b'),
    file('b', 'x'),
  ]),
  refused('a hard link to a folder', /folder/, [folder('a/'), hardLink('b', 'a')]),
  refused('a hard link to the root', /folder|no such file/, [hardLink('b', '/')]),
  refused('a hard link without a target', /folder|no such file/, [hardLink('b', '')]),
  refused('a hard link to itself', /itself|no such file/, [file('a', 'x'), hardLink('a', 'a')]),
  refused('a hard link to itself through a link', /itself|no such file/, [
    file('d/a', 'x'),
    link('e', 'd'),
    hardLink('e/a', 'd/a'),
  ]),
  differs('a hard link with other attributes', LAST, [
    file('a', 'x', { mode: 0o600, uid: 1, mtime: 5 }),
    hardLink('b', 'a', { mode: 0o4755, uid: 2, gid: 3, mtime: 6 }),
  ]),
  same('a hard link with / and ./ before its target', [
    file('a', 'x'),
    hardLink('b', '/a'),
    hardLink('c', './a'),
    hardLink('d', '//a'),
  ]),
  refusedByUs('a hard link whose target climbs and comes back', /climbs/, [
    file('a', 'x'),
    hardLink('b', 'e/../a'),
  ]),
  refusedByUs('a hard link whose target climbs', /climbs/, [file('a', 'x'), hardLink('b', '../a')]),
  same('a hard link through links', [
    file('d/a', 'x'),
    link('rel', 'd'),
    link('abs', '/d'),
    hardLink('b', 'rel/a'),
    hardLink('c', 'abs/a'),
  ]),
  same(
    'a hard link over a file of a layer below',
    [file('a', 'x'), file('b', 'y')],
    [hardLink('b', 'a')],
  ),
  same(
    'a file over a hard link parts the two',
    [file('a', 'x'), hardLink('b', 'a')],
    [file('b', 'y')],
  ),
  same('a hard link without the attributes of its file', [
    pax([['SCHILY.xattr.user.a', 'kept']]),
    file('a', 'x'),
    hardLink('b', 'a'),
  ]),
  differs('a hard link with extended attributes', LAST, [
    pax([['SCHILY.xattr.user.a', 'first']]),
    file('a', 'x'),
    pax([['SCHILY.xattr.user.b', 'second']]),
    hardLink('b', 'a'),
  ]),

  same('a link and a file through it', [
    folder('usr/lib/'),
    link('lib', 'usr/lib'),
    file('lib/a', 'x'),
  ]),
  same('a file through an absolute link', [
    folder('usr/lib/'),
    link('lib', '/usr/lib'),
    file('lib/a', 'x'),
  ]),
  same(
    'a file through a link of a layer below',
    [folder('usr/lib/'), link('lib', 'usr/lib')],
    [file('lib/a', 'x')],
  ),
  same('a file through a link to nowhere', [link('lib', 'usr/lib'), file('lib/a', 'x')]),
  same('a file through a link to nowhere, absolute', [link('lib', '/usr/lib'), file('lib/a', 'x')]),
  same('a file through two links', [
    folder('c/'),
    link('b', 'c'),
    link('a', 'b'),
    file('a/f', 'x'),
  ]),
  same('a file through a link with ..', [
    folder('u/l/'),
    folder('v/'),
    link('v/a', '../u/l'),
    file('v/a/f', 'x'),
  ]),
  refusedByUs('a file through a link that leads out', /out of the image/, [
    link('a', '../../../tmp'),
    file('a/f', 'x'),
  ]),
  refused('a file through a link to a name of 256 bytes', /name that is too long/, [
    pax([['linkpath', 'n'.repeat(256)]]),
    link('a', 'cut'),
    file('a/f', 'x'),
  ]),
  refused('a file through a link that makes its path too long', /links make it too long/, [
    pax([['linkpath', `${'n'.repeat(250)}/`.repeat(16)]]),
    link('a', 'cut'),
    pax([['path', `a/${'f'.repeat(100)}`]]),
    file('cut', 'x'),
  ]),
  refused('a file through links in a circle', /circles/, [
    link('a', 'b'),
    link('b', 'a'),
    file('a/f', 'x'),
  ]),
  refused('a file through a link to itself', /circles/, [link('a', 'a'), file('a/f', 'x')]),
  refused('a file through a link to a file', /no folder/, [
    file('f', 'x'),
    link('a', 'f'),
    file('a/g', 'x'),
  ]),
  refused('a file below a file', /no folder/, [file('f', 'x'), file('f/g', 'x')]),
  same('a link in the place of a file, and a file in the place of a link', [
    file('a', 'x'),
    link('b', 'a'),
    link('a', 'elsewhere'),
    file('b', 'y'),
  ]),
  same('a link with odd targets', [
    ...['/', '.', '..', '//', 'a//b/', '/../..', 'sp ace', 'n\new'].map((target, at) =>
      link(`l${at}`, target),
    ),
  ]),
  same('a link with owner and time', [link('a', 'b', { uid: 5, gid: 6, mtime: 77 })]),

  same(
    'a link to a folder becomes a folder',
    [folder('d/'), link('a', 'd')],
    [folder('a/'), file('a/f', 'x')],
  ),
  same('a folder becomes a link', [file('a/f', 'x')], [link('a', 'b')]),
  same('a folder becomes a link within a layer', [file('a/f', 'x'), link('a', 'b')]),
  same(
    'file, folder, file over layers',
    [file('a', 'x')],
    [folder('a/'), file('a/b', 'y')],
    [file('a', 'z')],
  ),
  same('a file becomes a folder within a layer', [file('a', 'x'), folder('a/'), file('a/b', 'x')]),
  same('a folder becomes a file within a layer', [file('a/b', 'x'), file('a', 'y')]),
  differs(
    'a file of a layer below where a folder has to be',
    {
      why: 'containerd and Docker put a folder there, umoci does not',
      names: ['opt', 'opt/tool', 'opt/tool/bin', 'opt/tool/bin/run'],
    },
    [file('opt/tool', 'x')],
    [file('opt/tool/bin/run', 'y')],
  ),
  refused('a file of the layer itself where a folder has to be', /no folder/, [
    file('opt/tool', 'x'),
    file('opt/tool/bin/run', 'y'),
  ]),
];
