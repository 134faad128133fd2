import test from 'ava';
import { type Asker, decideFile } from '../../../agent/boot/files.ts';

const node: Asker = { model: 'pc-x86-64', root: 'sha256:aa' };

const pi: Asker = { model: 'rpi-4-b', root: 'sha256:bb' };

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
  [
    'a file for an unknown address, which may be of a Raspberry Pi',
    'bootcode.bin',
    undefined,
    { kind: 'one-of', places: [{ kind: 'rpi-file', path: 'bootcode.bin' }, { kind: 'not-found' }] },
  ],
  ['a probe in the folder of a board', 'e1ffda08/start.elf', undefined, { kind: 'not-found' }],
  ['what would write an EEPROM', 'pieeprom.upd', undefined, { kind: 'not-found' }],
  ['the signature of it', 'vl805.sig', undefined, { kind: 'not-found' }],
  ['a recovery system', 'recover4.elf', undefined, { kind: 'not-found' }],
  [
    'the firmware of a Raspberry Pi that is a node',
    'config.txt',
    { ...pi, speaker: 'raspberry-pi' },
    {
      kind: 'one-of',
      places: [
        {
          kind: 'image-file',
          path: 'boot/rpi-4-b/config.txt',
          onlyWith: 'boot/rpi-4-b/config.txt',
        },
        { kind: 'rpi-file', path: 'config.txt' },
        { kind: 'image-file', path: 'boot/rpi-4-b/config.txt' },
      ],
    },
  ],
  [
    'U-Boot on the same node',
    'bcm2711-rpi-4-b.dtb',
    { ...pi, speaker: 'walt-loader' },
    {
      kind: 'one-of',
      places: [
        { kind: 'image-file', path: 'boot/rpi-4-b/bcm2711-rpi-4-b.dtb' },
        { kind: 'rpi-file', path: 'bcm2711-rpi-4-b.dtb' },
        { kind: 'image-file' },
      ],
    },
  ],
] as const;

for (const [title, path, asker, decision] of cases) {
  test(`decideFile() answers ${title}`, (t) => {
    t.like(decideFile(path, asker), decision as never);
  });
}

test('decideFile() gives a device without image a script that says so, to our media with a word, else by failing', (t) => {
  const decision = decideFile('start.ipxe', { model: 'pc-x86-32' });
  const text = decision.kind === 'bytes' ? new TextDecoder().decode(decision.bytes) : '';
  t.regex(text, /^#!ipxe\n/);
  t.regex(text, /no image for model pc-x86-32 yet/);
  t.regex(text, /\nisset \$\{stick-answer\} \|\| exit 1\nset stick-answer no-image\n$/);
});

test('decideFile() gives U-Boot without image a script that says so, waits and resets', (t) => {
  const decision = decideFile('start.uboot', { model: 'rpi-400' });
  const text =
    decision.kind === 'bytes' ? new TextDecoder().decode(decision.bytes.subarray(72)) : '';
  t.is(
    text,
    'echo "The WalT server has no image for model rpi-400 yet; retrying"\nsleep 5\nreset\n',
  );
});

test('decideFile() gives a machine that nobody knows a script that makes it retry too', (t) => {
  for (const path of ['start.uboot', 'start.ipxe', '/start.uboot']) {
    t.is(decideFile(path, undefined).kind, 'bytes', path);
  }
});
