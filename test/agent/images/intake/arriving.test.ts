// Images that arrive, are refused and are collected at the same time take nothing from each other.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { ImageError } from '../../../../agent/errors.ts';
import { Arriving } from '../../../../agent/images/intake/arriving.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder, unmountBelow } from '../../../support/temporary-folder.ts';

const PI = { labels: { 'walt.node.models': 'rpi-4-b' } };

test('Arriving.sweepIfNone() does nothing while an image arrives', async (t) => {
  const arriving = new Arriving();
  const arrived = Promise.withResolvers<string>();
  const arrival = arriving.during(() => arrived.promise);
  t.is(await arriving.sweepIfNone(() => Promise.resolve('swept')), undefined);
  arrived.resolve('here');
  t.is(await arrival, 'here');
  t.is(await arriving.sweepIfNone(() => Promise.resolve('swept')), 'swept');
});

test('Arriving.during() begins when all is swept that was asked for before, also if that fails', async (t) => {
  const arriving = new Arriving();
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const sweep = arriving.sweepIfNone(async () => {
    await first.promise;
    order.push('first swept');
    throw new ImageError('nothing goes');
  });
  const arrivals = ['one', 'two'].map((name) => arriving.during(async () => order.push(name)));
  first.resolve();
  await t.throwsAsync(sweep, { message: 'nothing goes' });
  await Promise.all(arrivals);
  t.deepEqual(order, ['first swept', 'one', 'two']);
});

test('a refused image takes no layer from a root that nodes run from', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, state, progress } = await openImageStore(folder);
  const good = await makeLayout(join(folder, 'good'), [tar(BOOTABLE)]);
  const bad = await makeLayout(join(folder, 'bad'), [tar(BOOTABLE)], PI);
  await store.import(good, { name: 'alice/web', progress });
  const key = store.keyOf('alice/web:latest') ?? '';
  await store.remove('alice/web:latest');
  await t.throwsAsync(store.import(bad, { name: 'alice/bad', progress }), {
    instanceOf: ImageError,
  });
  await unmountBelow(state);
  const again = await openImageStore(folder);
  t.deepEqual(again.problems, []);
  const root = again.store.rootOf(key);
  t.true((await readFile(join(root, 'bin/walt-init'), 'utf8')).startsWith('#!'));
});

test('ten imports at once, half of them refused, and collections meanwhile', async (t) => {
  t.timeout(3 * 60_000);
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder);
  const own = (name: string) => tar([{ path: name, content: name }]);
  const good = await makeLayout(join(folder, 'good'), [tar(BOOTABLE), own('good')]);
  const bad = await makeLayout(join(folder, 'bad'), [tar(BOOTABLE), own('bad')], PI);
  for (let round = 0; round < 3; round += 1) {
    let isOver = false;
    const imports = Array.from({ length: 10 }, async (_, at) => {
      const isGood = at % 2 === 0;
      const name = `alice/n${at}`;
      const image = store.import(isGood ? good : bad, { name, progress });
      if (isGood) t.is((await image).name, `${name}:latest`);
      else await t.throwsAsync(image, { instanceOf: ImageError, message: /rpi-4-b/ });
    });
    const collecting = async () => {
      while (!isOver) {
        await store.collect(() => []);
        // A collection that has nothing to do lets nothing else be done.
        await setImmediate();
      }
    };
    const collected = collecting();
    await Promise.all(imports).finally(() => {
      isOver = true;
    });
    await collected;
    for (const { name } of store.all()) {
      const root = store.rootOf(store.keyOf(name) ?? '');
      t.is(await readFile(join(root, 'good'), 'utf8'), 'good');
      await store.remove(name);
    }
    await store.collect(() => []);
    t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
  }
});
