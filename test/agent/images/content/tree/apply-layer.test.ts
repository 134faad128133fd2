import test from 'ava';
import type { LayerEntry } from '../../../../../agent/images/content/layers/layer-entry.ts';
import { applyLayer } from '../../../../../agent/images/content/tree/apply-layer.ts';
import {
  emptyFolder,
  OWN_ATTRIBUTES,
} from '../../../../../agent/images/content/tree/image-tree.ts';

const NOTHING = { size: 0, offset: 0, target: '', major: 0, minor: 0 };
const FILE: LayerEntry = { ...OWN_ATTRIBUTES, ...NOTHING, path: 'a', kind: 'file' };
const LINK: LayerEntry = { ...FILE, path: 'b', kind: 'hard-link', target: 'a' };

test('applyLayer() gives a file the attributes that its last name said', (t) => {
  const root = emptyFolder();
  applyLayer(root, [FILE, { ...LINK, mode: 0o4711, uid: 5, xattrs: { 'user.a': 'x' } }], 0);
  const [one, other] = [root.children.get('a'), root.children.get('b')];
  t.is(one, other);
  t.like(one?.attributes, { mode: 0o4711, uid: 5, xattrs: { 'user.a': 'x' } });
});

test('applyLayer() keeps the extended attributes of a file if its next name has none', (t) => {
  const root = emptyFolder();
  applyLayer(root, [{ ...FILE, xattrs: { 'user.a': 'x' } }, LINK], 0);
  t.deepEqual(root.children.get('b')?.attributes.xattrs, { 'user.a': 'x' });
});

test('applyLayer() leaves attributes of the user to files and folders', (t) => {
  const root = emptyFolder();
  const xattrs = { 'user.a': 'x', 'trusted.b': 'y' };
  applyLayer(root, [{ ...FILE, kind: 'fifo', xattrs }], 0);
  t.deepEqual(root.children.get('a')?.attributes.xattrs, { 'trusted.b': 'y' });
});
