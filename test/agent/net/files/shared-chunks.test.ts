import test from 'ava';
import { SharedChunks } from '../../../../agent/net/files/shared-chunks.ts';

function counted(mostBytes: number) {
  const chunks = new SharedChunks<Buffer[]>(mostBytes);
  const read: string[] = [];
  const get = (key: string, bytes: number) =>
    chunks.get(key, bytes, async () => {
      read.push(key);
      return [Buffer.from(key)];
    });
  return { chunks, read, get };
}

test('SharedChunks reads once what is asked for at the same time and later', async (t) => {
  const { read, get } = counted(10);
  const [first, second] = await Promise.all([get('a', 5), get('a', 5)]);
  t.is(first, second);
  t.is(await get('a', 5), first);
  t.deepEqual(read, ['a']);
});

test('SharedChunks forgets what was used longest ago when it is full', async (t) => {
  const { read, get } = counted(10);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key, 5);
  t.deepEqual(read, ['a', 'b', 'c', 'b']);
});

test('SharedChunks does not keep a failure', async (t) => {
  const { chunks, read, get } = counted(10);
  const failing = () => Promise.reject(new Error('no disk'));
  await t.throwsAsync(async () => chunks.get('a', 5, failing), { message: 'no disk' });
  await get('a', 5);
  await get('b', 5);
  await get('a', 5);
  t.deepEqual(read, ['a', 'b']);
});
