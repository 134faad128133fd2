import test from 'ava';
import { mediaIndex, mediaPage } from '../../../agent/media/media-page.ts';

const medium = {
  name: 'a&b".gz',
  machines: '<script>alert(1)</script>',
  isDisk: true,
  path: '/secret/a',
  bytes: 25_300_000,
  sha256: 'ab12',
  modified: 0,
};

test('mediaPage() shows text as text, and runs nothing', (t) => {
  const page = mediaPage([medium]);
  t.notRegex(page, /<script/i);
  t.regex(page, /&lt;script&gt;alert\(1\)/);
  t.regex(page, /href="\/media\/a%26b%22\.gz">a&amp;b&quot;\.gz</);
  t.regex(page, /25\.3 MB/);
});

test('mediaIndex() tells of no path of the server', (t) => {
  const index = mediaIndex([medium]);
  t.notRegex(index, /secret/);
  t.like(JSON.parse(index).media[0], { url: '/media/a%26b%22.gz', bytes: 25_300_000 });
});

test('mediaPage() of no media says so', (t) => {
  t.regex(mediaPage([]), /has none/);
});
