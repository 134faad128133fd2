import test from 'ava';
import { foldersOf } from '../../../scripts/steps/fat.ts';
import { versionOf } from '../../../scripts/steps/tree.ts';

const file = (path: string, content: string) => ({ path, bytes: Buffer.from(content) });

test('versionOf() is the same for the same files', (t) => {
  t.is(versionOf([file('A', 'x'), file('B', 'y')]), versionOf([file('A', 'x'), file('B', 'y')]));
});

for (const [change, files] of [
  ['another content', [file('A', 'x'), file('B', 'z')]],
  ['another name', [file('A', 'x'), file('C', 'y')]],
  ['bytes that move from one file to the next', [file('A', 'xy'), file('B', '')]],
] as const) {
  test(`versionOf() changes with ${change}`, (t) => {
    t.not(versionOf(files), versionOf([file('A', 'x'), file('B', 'y')]));
  });
}

test('foldersOf() names every folder once, parents first', (t) => {
  t.deepEqual(foldersOf(['A', 'EFI/BOOT/X', 'EFI/BOOT/Y', 'EFI/Z']), ['EFI', 'EFI/BOOT']);
});
