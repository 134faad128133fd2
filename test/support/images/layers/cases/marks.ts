// Marks that take away what layers below have brought, in any order and place.
import { type LayerCase, refused, same } from '../layer-case.ts';
import { file, folder, hardLink, link } from '../raw-tar.ts';

const BELOW = [file('a/b', 'x'), file('a/c', 'y'), file('d', 'z')];

export const MARK_CASES: readonly LayerCase[] = [
  same('a file is taken away', BELOW, [file('a/.wh.b')]),
  same('a folder is taken away', BELOW, [file('.wh.a')]),
  same(
    'a link is taken away, not what it leads to',
    [file('a', 'x'), link('l', 'a')],
    [file('.wh.l')],
  ),
  same('one name of a file is taken away', [file('a', 'x'), hardLink('b', 'a')], [file('.wh.a')]),
  same('a mark for what is not there', BELOW, [file('.wh.nothing'), file('nowhere/.wh.nothing')]),
  same('a mark before what the layer brings', BELOW, [file('a/.wh.b'), file('a/b', 'new')]),
  same('a mark after what the layer brings', BELOW, [file('a/b', 'new'), file('a/.wh.b')]),
  same('a mark for a folder, before what the layer brings', BELOW, [
    file('.wh.a'),
    file('a/n', 'new'),
  ]),
  same('a mark for a folder, after what the layer brings', BELOW, [
    file('a/n', 'new'),
    file('.wh.a'),
  ]),
  same('a mark for a folder, then the folder', BELOW, [
    file('.wh.a'),
    folder('a/', { mode: 0o700 }),
  ]),
  same('a mark in the lowest layer', [file('.wh.a'), file('b', 'x')]),
  same('an opaque folder, mark first', BELOW, [
    folder('a/'),
    file('a/.wh..wh..opq'),
    file('a/n', 'new'),
  ]),
  same('an opaque folder, mark last', BELOW, [
    folder('a/'),
    file('a/n', 'new'),
    file('a/.wh..wh..opq'),
  ]),
  same('an opaque folder without an entry', BELOW, [file('a/.wh..wh..opq')]),
  same('an opaque folder with a file of the same name', BELOW, [
    file('a/b', 'new'),
    file('a/.wh..wh..opq'),
  ]),
  same(
    'an opaque folder with folders in it',
    [file('a/b/c', 'x'), file('a/b/d', 'x'), file('a/e/f', 'x')],
    [file('a/b/n', 'new'), file('a/.wh..wh..opq')],
  ),
  same('an opaque root', BELOW, [file('.wh..wh..opq'), file('n', 'new')]),
  same('an opaque folder that is not there', BELOW, [file('nowhere/.wh..wh..opq')]),
  same('an opaque mark on a file', BELOW, [file('d/.wh..wh..opq')]),
  same(
    'an opaque mark on a link to a folder',
    [...BELOW, link('l', 'a')],
    [file('l/.wh..wh..opq')],
  ),
  same('a mark on a link to a folder', [...BELOW, link('l', 'a')], [file('l/.wh.b')]),
  same('a mark on a link to nowhere', [...BELOW, link('l', 'nowhere')], [file('l/.wh.b')]),
  same('a mark below a file', BELOW, [file('d/.wh.e')]),
  same('a mark after a hard link to what it takes', BELOW, [hardLink('h', 'd'), file('.wh.d')]),
  refused('a hard link to what the mark has taken', /no such file/, BELOW, [
    file('.wh.d'),
    hardLink('h', 'd'),
  ]),
  same('a mark that is a folder or a link', BELOW, [folder('a/.wh.b/'), link('.wh.d', 'x')]),
  same('a mark for a mark', BELOW, [file('a/.wh..wh.b')]),
  same('marks of AUFS', BELOW, [
    folder('.wh..wh.plnk/'),
    file('.wh..wh.aufs'),
    folder('.wh..wh.orph/'),
  ]),
  same('what AUFS keeps below its marks', BELOW, [file('.wh..wh.plnk/12.34', 'x')]),
  refused('a mark for nothing', /marks nothing/, BELOW, [file('.wh.')]),
  refused('a mark for the folder itself', /marks nothing/, BELOW, [file('a/.wh..')]),
  refused('a mark for the folder above', /marks nothing/, BELOW, [file('a/.wh...')]),
  same('a mark twice', BELOW, [file('a/.wh.b'), file('a/.wh.b')]),
  same('something in the middle of a path that is called like a mark', BELOW, [
    file('.wh.a/b', 'x'),
  ]),
  same('a mark for what is in a folder that a link replaced', BELOW, [
    link('a', 'd'),
    file('a/.wh.b'),
  ]),
  refused(
    'a mark through links in a circle',
    /circles/,
    [link('p', 'q'), link('q', 'p')],
    [file('p/.wh.b')],
  ),
  same(
    'three layers: taken away and brought again',
    BELOW,
    [file('.wh.a')],
    [file('a/b', 'again')],
  ),
  same('a folder taken away and made a file', BELOW, [file('.wh.a'), file('a', 'file')]),
];
