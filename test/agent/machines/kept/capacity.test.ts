import { statfs } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import test from 'ava';
import {
  complaintAboutDisk,
  complaintAboutMemory,
} from '../../../../agent/machines/kept/capacity.ts';

test('complaintAboutMemory() gives figures where this machine has not so much', async (t) => {
  const demand = { memoryBytes: totalmem() * 2, promisedBytes: 0 };
  t.regex(
    (await complaintAboutMemory(demand)) ?? '',
    /^it needs \d+\.\d GB of memory, and \d+\.\d GB of this machine's \d+\.\d GB are left \(other virtual nodes have 0\.0 GB\)$/,
  );
  t.is(await complaintAboutMemory({ memoryBytes: 1_048_576, promisedBytes: 0 }), undefined);
});

test('complaintAboutMemory() counts what others were promised, touched or not', async (t) => {
  const demand = { memoryBytes: 1_048_576, promisedBytes: totalmem() };
  t.regex((await complaintAboutMemory(demand)) ?? '', /and 0\.0 GB of this machine's/);
});

test('complaintAboutDisk() gives figures where the disk has not so much', async (t) => {
  const { bavail, bsize } = await statfs(tmpdir());
  t.regex(
    (await complaintAboutDisk(bavail * bsize * 2, tmpdir())) ?? '',
    /^its disks may take \d+\.\d GB more, and \d+\.\d GB are free in \//,
  );
  t.is(await complaintAboutDisk(1, tmpdir()), undefined);
});
