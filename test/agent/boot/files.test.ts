import test from 'ava';
import { type Asker, decideFile } from '../../../agent/boot/files.ts';

const node: Asker = { model: 'pc-x86-64', root: 'sha256:aa' };

const cases = [
  [
    "a node's file",
    'kernel',
    node,
    { kind: 'image-file', root: 'sha256:aa', path: 'boot/pc-x86-64/kernel' },
  ],
  [
    'a path with a slash before it',
    '/start.ipxe',
    node,
    { kind: 'image-file', path: 'boot/pc-x86-64/start.ipxe' },
  ],
  [
    'a file in a folder',
    'overlays/a.dtbo',
    node,
    { kind: 'image-file', path: 'boot/pc-x86-64/overlays/a.dtbo' },
  ],
  ['the way up', '../../etc/shadow', node, { kind: 'refused' }],
  ['the way up in the middle', 'a/../../b', node, { kind: 'refused' }],
  ['a backslash', '..\\x', node, { kind: 'refused' }],
  ['a NUL byte', 'kernel\0.txt', node, { kind: 'refused' }],
  ['nothing', '', node, { kind: 'refused' }],
  ['a path without end', 'a'.repeat(513), node, { kind: 'refused' }],
  ['a kernel before there is an image', 'kernel', { model: 'pc-x86-64' }, { kind: 'not-found' }],
  ['a file for an unknown address', 'kernel', undefined, { kind: 'not-found' }],
] as const;

for (const [title, path, asker, decision] of cases) {
  test(`decideFile() answers ${title}`, (t) => {
    t.like(decideFile(path, asker), decision as never);
  });
}

test('decideFile() gives a device without image a script that says so and fails', (t) => {
  const decision = decideFile('start.ipxe', { model: 'pc-x86-32' });
  t.is(decision.kind, 'text');
  const text = decision.kind === 'text' ? decision.text : '';
  t.regex(text, /^#!ipxe\n/);
  t.regex(text, /no image for model pc-x86-32 yet/);
  t.regex(text, /\nexit 1\n$/);
});
