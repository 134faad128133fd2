import test from 'ava';
import { keptShareOf } from '../../../agent/keeping/kept-share.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';

const node = { ...nodeNamed('pc', { ip: '192.168.152.2' }), image: 'alice/tool:latest' };
const settings = { 'mount.persist': 'true' };

test('keptShareOf() has a share for a node whose setting says so, of the owner of its image', (t) => {
  t.deepEqual(keptShareOf({ ...node, settings }), { owner: 'alice', mac: node.mac });
});

test('keptShareOf() has none otherwise', (t) => {
  t.is(keptShareOf(node), undefined);
  t.is(keptShareOf({ ...node, settings: { 'mount.persist': 'false' } }), undefined);
  t.is(keptShareOf({ ...node, settings: { 'mount.persist': 'perhaps' } }), undefined);
  t.is(keptShareOf({ ...node, type: 'unknown', settings }), undefined);
  t.is(keptShareOf(undefined), undefined);
});
