import { join } from 'node:path';
import test from 'ava';
import { RequestError } from '../../../agent/errors.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('Checkpoints keeps those of each user, in the order of their times, over a restart', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  const { at } = await first.checkpoints.add({ user: 'alice', name: 'now' });
  await first.checkpoints.add({ user: 'alice', name: 'before', at: 5 });
  await first.checkpoints.add({ user: 'bob', name: 'now', at: 7 });
  await first.store.close();
  const { checkpoints, store } = await openRecords(file);
  t.teardown(() => store.close());
  t.deepEqual(
    (await checkpoints.of('alice')).map((one) => [one.name, one.at]),
    [
      ['before', 5],
      ['now', at],
    ],
  );
  await checkpoints.remove('alice', 'now');
  t.deepEqual(
    (await checkpoints.of('alice')).map(({ name }) => name),
    ['before'],
  );
  t.is((await checkpoints.of('bob')).length, 1);
  await t.throwsAsync(checkpoints.remove('alice', 'now'), { instanceOf: RequestError });
});

for (const name of ['', 'a', '-a', 'a b', 'a.b', 'none', 'full', 'x'.repeat(65), 'a:b']) {
  test(`Checkpoints refuses the name ${JSON.stringify(name)}`, async (t) => {
    const { checkpoints } = await openRecords();
    await t.throwsAsync(checkpoints.add({ user: 'alice', name }), {
      instanceOf: RequestError,
      message: /^Cannot add checkpoint '.*': expected [^\n]+\.$/,
    });
    t.deepEqual(await checkpoints.of('alice'), []);
  });
}

test('Checkpoints takes no name twice, and no more than a thousand', async (t) => {
  const { checkpoints } = await openRecords();
  for (let index = 0; index < 1000; index += 1) {
    await checkpoints.add({ user: 'alice', name: `c${index}`, at: index });
  }
  await t.throwsAsync(checkpoints.add({ user: 'alice', name: 'c7', at: 1 }), {
    message: /you have one of that name\. Remove it first: walt log remove-checkpoint c7\.$/,
  });
  await t.throwsAsync(checkpoints.add({ user: 'alice', name: 'more', at: 1 }), {
    message: /you have 1000 of them/,
  });
  t.is((await checkpoints.of('alice'))[7]?.at, 7);
});
