import test from 'ava';
import { callsFor, exportChanges } from '../../../../../agent/nfs/ganesha/bus/change-exports.ts';
import { folderId } from '../../../../../agent/nfs/ganesha/configuration/export-table.ts';

const A = { id: 1, name: '10.0.0.1', client: '10.0.0.1', imagePath: '/images/a' };
const B = { ...A, id: 2, name: '10.0.0.2', client: '10.0.0.2' };
const KEPT = { ...A, id: 3, imagePath: '/persist/a', uid: 1000 };
const table = (...entries: (typeof A)[]) => ({ lastId: 9, entries });

const idsOf = (changes: ReturnType<typeof exportChanges>) => ({
  removed: changes.removed,
  added: changes.added.map(({ id }) => id),
});

test('exportChanges() leaves alone what stays', (t) => {
  t.deepEqual(idsOf(exportChanges(table(A, KEPT), table(A, KEPT))), { removed: [], added: [] });
});

test('exportChanges() adds the folder before the image, and removes it after', (t) => {
  const changes = exportChanges(table(A), table(B));
  t.deepEqual(idsOf(changes), { removed: [1, folderId(A)], added: [folderId(B), 2] });
});

test('exportChanges() takes what is kept without a folder', (t) => {
  t.deepEqual(idsOf(exportChanges(table(A, KEPT), table(A))), { removed: [3], added: [] });
});

const others: readonly (readonly [string, typeof A])[] = [
  ['client', { ...A, client: '10.0.0.9' }],
  ['number', { ...A, id: 7 }],
  ['image', { ...A, imagePath: '/images/b' }],
];
for (const [what, other] of others) {
  test(`exportChanges() removes and adds an export with another ${what}`, (t) => {
    const { removed, added } = idsOf(exportChanges(table(A), table(other)));
    t.deepEqual(removed, [1, folderId(A)]);
    t.deepEqual(added, [folderId(other), other.id]);
  });
}

const partsOf = (count: number) => Array.from({ length: count }, (_, id) => ({ id, text: '' }));

for (const [count, lengths] of [
  [0, []],
  [1, [1]],
  [2, [1, 1]],
  [201, [200, 1]],
  [450, [200, 200, 49, 1]],
] as const) {
  test(`callsFor() tells of the last export when all others are there: ${count}`, (t) => {
    const calls = callsFor(partsOf(count));
    t.deepEqual(
      calls.map(({ length }) => length),
      [...lengths],
    );
    t.deepEqual(calls.flat(), partsOf(count));
  });
}
