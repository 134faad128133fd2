import test from 'ava';
import { doneBefore } from '../../../agent/boots/done-before.ts';
import type { StoredBoot, StoredStage } from '../../../agent/store/records/boots.ts';

const BOOT: StoredBoot = {
  ...{ id: 7, mac: '52:54:00:00:00:01', started: 1, state: 'files', attempt: 1 },
  model: 'pc-x86-64',
};
const file = (path: string): StoredStage => ({ at: 1, stage: 'file', detail: { path } });
const START = '/walt/pc-x86-64/52:54:00:00:00:01/';

/** What is told of a boot with these stages, and how often they were read. */
async function told(boot: StoredBoot, read: () => StoredStage[]) {
  const problems: unknown[] = [];
  let reads = 0;
  const stagesOf = async () => {
    reads += 1;
    return read();
  };
  const done = await doneBefore(boot, {
    records: { stagesOf },
    onProblem: (one) => problems.push(one),
  });
  return { done, reads, problems };
}

test('doneBefore() tells what GRUB, and kexec, had asked for', async (t) => {
  const asked = [file(`${START}start.grub`)];
  const grub = { hasAsked: true, isWarm: false };
  t.deepEqual((await told(BOOT, () => asked)).done, { ...grub, hasLoaded: false });
  const loaded = [...asked, file('kernel')];
  t.deepEqual((await told(BOOT, () => loaded)).done, { ...grub, hasLoaded: true });
  const warm = [file(`${START}card/00-00-00-00-00/start.grub`)];
  t.deepEqual((await told(BOOT, () => warm)).done, { ...grub, hasLoaded: false, isWarm: true });
  const none = { hasAsked: false, hasLoaded: false, isWarm: false };
  t.deepEqual((await told(BOOT, () => [file('start.ipxe'), file('kernel')])).done, none);
  t.deepEqual((await told(BOOT, () => [])).done, none);
});

test('doneBefore() reads nothing of boards, nor of boots that are further', async (t) => {
  for (const boot of [
    { ...BOOT, model: 'rpi-4-b' },
    { ...BOOT, state: 'booted' as const },
  ]) {
    t.like(await told(boot, () => []), { done: {}, reads: 0 });
  }
});

test('doneBefore() a disk that cannot be read is a problem, and no end', async (t) => {
  const failing = () => {
    throw new Error('disk I/O error');
  };
  const { done, problems } = await told(BOOT, failing);
  t.deepEqual(done, {});
  t.is(problems.length, 1);
});
