import test from 'ava';
import { Learnt } from '../../../../agent/healing/expecting/learnt.ts';
import type { StoredBoot, StoredStage } from '../../../../agent/store/records/boots.ts';

const MINUTE = 60_000_000;

test('Learnt reads good boots again after a minute of its clock, and when that was set back', async (t) => {
  let now = 10 * MINUTE;
  const boots: StoredBoot[] = [];
  const stages = [
    { stage: 'dhcp', at: 0, state: 'dhcp', detail: {} },
    { stage: 'file', at: 1, state: 'files', detail: {} },
  ] as unknown as StoredStage[];
  const records = { good: async () => boots, stagesOf: async () => stages };
  const learnt = new Learnt(records, () => now);
  const countOf = async () => (await learnt.of('pc', 'image'))['first-file']?.count;
  t.is(await countOf(), undefined);
  for (let id = 1; id <= 3; id += 1) boots.push({ id } as StoredBoot);
  t.is(await countOf(), undefined, 'it is not asked at each look');
  now += MINUTE;
  t.is(await countOf(), 3);
  boots.push({ id: 4 } as StoredBoot);
  now -= 5 * MINUTE;
  t.is(await countOf(), 4);
});
