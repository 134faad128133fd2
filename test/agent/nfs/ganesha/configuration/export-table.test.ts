import test from 'ava';
import {
  type ExportTable,
  folderId,
  HIGHEST_ID,
  NO_EXPORTS,
  planExports,
  WITNESS_ID,
} from '../../../../../agent/nfs/ganesha/configuration/export-table.ts';

const A = { ip: '10.0.0.1', mac: '52:54:00:00:00:01', imagePath: '/images/a/fs' };
const B = { ip: '10.0.0.2', mac: '52:54:00:00:00:02', imagePath: '/images/a/fs' };

const last = (tables: readonly ExportTable[]): ExportTable => tables.at(-1) ?? NO_EXPORTS;
const text = ({ entries }: ExportTable) =>
  entries.map(({ id, name, imagePath, client }) => `${id} ${name} ${imagePath} ${client}`);

test('planExports() numbers both names of each node', (t) => {
  const tables = planExports(NO_EXPORTS, [A, B]);
  t.is(tables.length, 1);
  t.deepEqual(text(last(tables)), [
    '1 10.0.0.1 /images/a/fs 10.0.0.1',
    '2 52:54:00:00:00:01 /images/a/fs 10.0.0.1',
    '3 10.0.0.2 /images/a/fs 10.0.0.2',
    '4 52:54:00:00:00:02 /images/a/fs 10.0.0.2',
  ]);
});

test('planExports() keeps the numbers of others when a node comes or goes', (t) => {
  const both = last(planExports(NO_EXPORTS, [A, B]));
  const alone = last(planExports(both, [B]));
  t.deepEqual(text(alone), text(both).slice(2));
  const added = last(planExports(alone, [{ ...A, ip: '10.0.0.3', mac: '52:54:00:00:00:03' }, B]));
  t.deepEqual(text(added).slice(0, 2), text(alone));
  t.deepEqual(
    added.entries.map(({ id }) => id),
    [3, 4, 5, 6],
  );
});

test('planExports() takes the old image away before the new one gets its path', (t) => {
  const before = last(planExports(NO_EXPORTS, [A, B]));
  const steps = planExports(before, [A, { ...B, imagePath: '/images/b/fs' }]);
  t.deepEqual(steps.map(text), [
    text(before).slice(0, 2),
    [
      ...text(before).slice(0, 2),
      '5 10.0.0.2 /images/b/fs 10.0.0.2',
      '6 52:54:00:00:00:02 /images/b/fs 10.0.0.2',
    ],
  ]);
});

test('planExports() leaves the number when only the address of a node changes', (t) => {
  const before = last(planExports(NO_EXPORTS, [A]));
  const steps = planExports(before, [{ ...A, ip: '10.0.0.9' }]);
  t.is(steps.length, 1);
  t.deepEqual(text(last(steps)), [
    '2 52:54:00:00:00:01 /images/a/fs 10.0.0.9',
    '3 10.0.0.9 /images/a/fs 10.0.0.9',
  ]);
});

test('planExports() begins again at 1 behind the highest number, around those in use', (t) => {
  const [, second] = last(planExports(NO_EXPORTS, [A])).entries;
  const nearEnd = { lastId: HIGHEST_ID - 1, entries: second ? [{ ...second, id: 1 }] : [] };
  const after = last(planExports(nearEnd, [A, B]));
  t.deepEqual(
    after.entries.map(({ id }) => id),
    [1, 2, 3, HIGHEST_ID],
  );
});

test('folderId() gives each number one that no other export has', (t) => {
  t.is(folderId({ id: 1 }), HIGHEST_ID + 1);
  t.is(folderId({ id: HIGHEST_ID }), WITNESS_ID - 1);
});

test('planExports() throws RangeError when the numbers are used up', (t) => {
  const many = Array.from({ length: HIGHEST_ID / 2 + 1 }, (_, i) => ({
    ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    mac: `52:54:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
    imagePath: '/images/a/fs',
  }));
  t.throws(() => planExports(NO_EXPORTS, many), { instanceOf: RangeError });
});

test('planExports() numbers what a node keeps beside its image, and gives it up alone', (t) => {
  const share = { path: '/persist/alice/a/files', disk: '/persist/alice/a', uid: 7 };
  const withShare = last(planExports(NO_EXPORTS, [{ ...A, share }]));
  t.deepEqual(
    withShare.entries.map(({ id, name, imagePath, uid }) => [id, name, imagePath, uid]),
    [
      [1, '10.0.0.1', '/images/a/fs', undefined],
      [2, '52:54:00:00:00:01', '/images/a/fs', undefined],
      [3, '10.0.0.1', share.path, 7],
      [4, '52:54:00:00:00:01', share.path, 7],
    ],
  );
  const other = { ...share, path: '/persist/bob/a/files', disk: '/persist/bob/a', uid: 8 };
  const steps = planExports(withShare, [{ ...A, share: other }]);
  t.deepEqual(
    steps.map(({ entries }) => entries.map(({ id }) => id)),
    [
      [1, 2],
      [1, 2, 5, 6],
    ],
    'the old one goes before the new one takes its path; the image stays',
  );
  t.deepEqual(planExports(withShare, [A]).map(text), [text(withShare).slice(0, 2)]);
});
