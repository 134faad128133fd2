import { join } from 'node:path';
import test from 'ava';
import { Publisher } from '../../../../../agent/events/publisher.ts';
import { followClockOfImages } from '../../../../../agent/events/reactions/follow/follow-clock-of-images.ts';
import { collectImages } from '../../../../../agent/images/workshop/collect.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../../support/images/tiny-image.ts';
import { eventually } from '../../../../support/lab.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const DAY_US = 86_400_000_000;
const UNUSED = { removeUnused: true, unusedDays: 90, inUse: () => ({ names: [], keys: [] }) };

test('followClockOfImages() keeps images of this run from looking old when the clock is set', async (t) => {
  const folder = await temporaryFolder(t);
  const time = { now: 10 * DAY_US };
  const clock = () => time.now;
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  const { store, progress } = await openImageStore(folder, { clock });
  await store.import(layout, { name: 'alice/old', progress });
  time.now += DAY_US;
  const publisher = new Publisher({ clock, onFailure: (line) => t.fail(line) });
  followClockOfImages(publisher, { images: store, startedAt: time.now });
  await store.import(layout, { name: 'alice/new', progress });
  await store.import(layout, { name: 'bob/used', progress });
  await store.markUsed(['bob/used:latest']);
  for (const days of [20_000, -3]) {
    time.now += days * DAY_US;
    publisher.publish([{ kind: 'clock-set', by: days * DAY_US }]);
  }
  const created = () => store.all().find(({ name }) => name === 'alice/new:latest')?.created;
  t.is(
    await eventually(
      async () => created(),
      (at) => at === time.now,
      20,
    ),
    time.now,
  );
  const { removed } = await collectImages(store, { ...UNUSED, clock });
  t.deepEqual(removed, ['alice/old:latest'], 'nobody can tell how old that is');
});
