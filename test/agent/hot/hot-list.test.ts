import test from 'ava';
import { NOTHING, withBoot, withFolders } from '../../../agent/hot/hot-list.ts';
import { wantsPack } from '../../../agent/hot/wants-pack.ts';

const MB = 2 ** 20;

test('withBoot() the first boot makes a list, a later one one that is worth it', (t) => {
  const first = withBoot(
    NOTHING,
    new Map([
      ['usr/b', 10],
      ['etc/a', 20],
    ]),
  );
  t.deepEqual(first, { list: { files: ['etc/a', 'usr/b'], bytes: 30, boots: 1 }, isWorth: true });
  t.deepEqual(
    withBoot(
      first.list,
      new Map([
        ['etc/a', 20],
        ['etc/c', 30],
      ]),
    ),
    {
      list: { files: ['etc/a', 'etc/c', 'usr/b'], bytes: 60, boots: 2 },
      isWorth: false,
    },
  );
  t.true(withBoot(first.list, new Map([['lib/big', MB]])).isWorth);
  t.deepEqual(withBoot(NOTHING, new Map()), {
    list: { files: [], bytes: 0, boots: 1 },
    isWorth: false,
  });
});

test('withBoot() leaves out what is large, and what no node has the memory for', (t) => {
  const read = new Map([
    ['huge', 17 * MB],
    ['a', 16 * MB],
    ['small', 1],
  ]);
  t.deepEqual(withBoot(NOTHING, read).list.files, ['a', 'small']);
  const many = new Map(Array.from({ length: 20 }, (_, at) => [`f${at}`, 15 * MB]));
  const { list } = withBoot(NOTHING, many);
  t.is(list.files.length, 8);
  const more = new Map([
    ['g1', 8 * MB],
    ['g2', 8 * MB],
  ]);
  t.is(withBoot(list, more).list.files.length, 9, 'later boots have no more room than the first');
});

test('withBoot() takes so many files in all, the smallest first', (t) => {
  const some = (count: number, folder: string) =>
    new Map(Array.from({ length: count }, (_, at) => [`${folder}/${at}`, at + 1]));
  const { list } = withBoot(NOTHING, some(15_000, 'a'));
  const { list: longer } = withBoot(list, some(15_000, 'b'));
  t.is(longer.files.length, 20_000);
  t.true(longer.files.includes('b/4999'));
  t.false(longer.files.includes('b/5000'));
  t.is(longer.bytes, list.bytes + (5000 * 5001) / 2);
  t.is(withBoot(longer, some(9, 'c')).list.files.length, 20_000);
});

test('withFolders() has each folder before what is in it, once', (t) => {
  t.deepEqual(withFolders(['a', 'usr/bin/x', 'usr/bin-y/z', 'usr/lib/q']), [
    ...['a', 'usr', 'usr/bin', 'usr/bin-y', 'usr/bin-y/z', 'usr/bin/x', 'usr/lib', 'usr/lib/q'],
  ]);
});

test('wantsPack() is for what says so, and for what is made from default images', (t) => {
  const defaults = [{ layers: ['sha256:base'] }];
  const image = { name: 'alice/a:1', labels: {}, layers: ['sha256:base', 'sha256:more'] };
  t.true(wantsPack(image, { defaults }));
  t.false(wantsPack({ ...image, labels: { 'walt.hot-pack': 'false' } }, { defaults }));
  const foreign = { ...image, layers: ['sha256:other', 'sha256:base'] };
  t.false(wantsPack(foreign, { defaults }));
  t.true(wantsPack({ ...foreign, labels: { 'walt.hot-pack': 'true' } }, { defaults }));
  t.false(wantsPack({ ...foreign, layers: [] }, { defaults: [{ layers: [] }] }));
});
