import test from 'ava';
import {
  chooseManifest,
  type Wanted,
} from '../../../../../agent/images/sources/choice/choose-manifest.ts';
import type { IndexEntry } from '../../../../../agent/images/sources/choice/documents.ts';

/** `linux/arm/v7`, or `list` for one that says nothing of its platform. */
function entry(platform: string, index: number): IndexEntry {
  const [os = '', architecture = '', variant] = platform.split('/');
  const digest = `sha256:${String(index).padStart(64, '0')}`;
  const about = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  return { digest, size: 1, ...(os === 'none' ? {} : { platform: about }) };
}

const cases: readonly (readonly [model: string, index: string, chosen: string])[] = [
  ['rpi-b', 'linux/arm/v7 linux/arm/v6', 'linux/arm/v6'],
  ['rpi-b', 'linux/arm/v7 linux/arm/v5', 'linux/arm/v5'],
  ['rpi-b', 'linux/arm/v5 linux/arm/v6', 'linux/arm/v6'],
  ['rpi-b-plus', 'linux/arm64 linux/arm/v7 linux/arm/v5', 'linux/arm/v5'],
  ['rpi-2-b', 'linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm64/v8', 'linux/arm/v7'],
  ['rpi-2-b', 'linux/arm/v8 linux/arm linux/arm/v6', 'linux/arm'],
  ['rpi-2-b', 'linux/arm64 linux/arm/7', 'linux/arm/7'],
  ['rpi-3-b', 'linux/amd64 linux/arm/v7 linux/arm64', 'linux/arm64'],
  ['rpi-3-b', 'linux/arm/v7 linux/arm64/v8', 'linux/arm64/v8'],
  ['rpi-4-b', 'linux/arm64/v9 linux/arm64/v8.1 linux/arm/v7', 'linux/arm/v7'],
  ['rpi-9', 'linux/amd64 linux/aarch64', 'linux/aarch64'],
  ['coral-dev-board', 'linux/amd64 linux/arm/v6 linux/arm/v7', 'linux/arm/v7'],
  ['pc-x86-64', 'linux/amd64/v3 linux/amd64', 'linux/amd64'],
  ['pc-x86-64', 'linux/amd64/v2 linux/386', 'linux/386'],
  ['pc-x86-64', 'linux/386 linux/amd64/v1', 'linux/amd64/v1'],
  ['pc-x86-64', 'linux/arm64 linux/x86_64', 'linux/x86_64'],
  ['pc-x86-32', 'linux/amd64 linux/386', 'linux/386'],
  ['pc-x86-64', 'windows/amd64 linux/amd64 linux/arm64', 'linux/amd64'],
  ['pc-x86-64', 'freebsd/amd64 darwin/amd64 linux/arm64 linux/386', 'linux/386'],
  ['pc-x86-64', 'unknown/unknown linux/amd64 linux/arm64', 'linux/amd64'],
  // An only image is taken as it is: people label wrongly, and what it holds is looked at later.
  ['pc-x86-64', 'linux/arm64', 'linux/arm64'],
  ['pc-x86-64', 'windows/amd64 linux/arm64', 'linux/arm64'],
  ['rpi-b', 'linux/arm', 'linux/arm'],
  ['rpi-b', 'none', 'none'],
];

for (const [model, index, chosen] of cases) {
  test(`chooseManifest() takes ${chosen} of ${index} for a ${model}`, (t) => {
    const platforms = index.split(' ');
    const choice = chooseManifest(platforms.map(entry), { model });
    t.deepEqual(choice, {
      kind: 'chosen',
      entry: entry(chosen, platforms.indexOf(chosen)),
    });
  });
}

const refused: readonly (readonly [wanted: Wanted, index: string, reason: string])[] = [
  [
    { model: 'rpi-b' },
    'linux/arm/v7 linux/amd64 windows/amd64',
    'it is not there for rpi-b, which runs linux/arm/v6, linux/arm/v5: there are linux/arm/v7, linux/amd64',
  ],
  [
    { model: 'rpi-b' },
    'linux/arm/v7',
    'it is not there for rpi-b, which runs linux/arm/v6, linux/arm/v5: there is linux/arm/v7',
  ],
  [
    { model: 'pc-x86-64' },
    'linux/amd64/v3',
    'it is not there for pc-x86-64, which runs linux/amd64, linux/386: there is linux/amd64/v3',
  ],
  [{}, 'windows/amd64', 'it has no image for Linux: there is windows/amd64'],
  [{}, 'unknown/unknown', 'it has no image for Linux'],
  [{}, '', 'it has no image for Linux'],
];

for (const [wanted, index, reason] of refused) {
  test(`chooseManifest() says what there is, for ${wanted.model ?? 'anybody'}, of ${index || 'nothing'}`, (t) => {
    const platforms = index.split(' ').filter((each) => each !== '');
    t.deepEqual(chooseManifest(platforms.map(entry), wanted), { kind: 'none', reason });
  });
}

test('chooseManifest() takes no attestation for an image', (t) => {
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
  const attestation = { ...entry('linux/amd64', 1), annotations };
  const image = entry('linux/amd64', 2);
  t.deepEqual(chooseManifest([attestation, image], { model: 'pc-x86-64' }), {
    kind: 'chosen',
    entry: image,
  });
  t.is(chooseManifest([attestation], {}).kind, 'none');
});

test('chooseManifest() leaves it to the labels where nobody knows the model', (t) => {
  const index = ['windows/amd64', 'linux/arm64', 'linux/amd64'].map(entry);
  const expected = { kind: 'by-label', candidates: index.slice(1) } as const;
  t.deepEqual(chooseManifest(index, {}), expected);
  t.deepEqual(chooseManifest(index, { model: 'foo' }), expected);
});
