// How old an image is, from the dates of Debian's lists of packages.
import test from 'ava';
import { newestDate } from '../../../../scripts/images/debian/root-file-system.ts';

test('newestDate() takes the youngest of the dates of Release files', (t) => {
  const lines = ['Sat, 05 Sep 2026 09:12:33 UTC', 'Sun, 22 Nov 2026 14:11:02 UTC', ''];
  t.deepEqual(newestDate(lines.join('\n')), new Date('2026-11-22T14:11:02Z'));
});

for (const text of ['', 'Sat, 05 Sep 2026 09:12:33 UTC\nyesterday\n']) {
  test(`newestDate() refuses ${JSON.stringify(text)}`, (t) => {
    t.throws(() => newestDate(text), { instanceOf: RangeError, message: /how old/ });
  });
}
