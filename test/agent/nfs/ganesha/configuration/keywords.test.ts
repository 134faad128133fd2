import test from 'ava';
import { keywordsOf } from '../../../../../agent/nfs/ganesha/configuration/keywords.ts';

const WORDS = ['EXPORT', 'Export_Id', 'Path', 'RO'];

test('keywordsOf() spells the first lines as they are', (t) => {
  t.deepEqual(WORDS.map(keywordsOf(0)), WORDS);
  t.deepEqual(WORDS.map(keywordsOf(199)), WORDS);
});

test('keywordsOf() changes the case of letters alone, and every 200 lines', (t) => {
  const spellings = new Set<string>();
  for (let line = 0; line < 65_536; line += 200) {
    const word = keywordsOf(line)('Export_Id');
    t.is(word.toLowerCase(), 'export_id');
    spellings.add(word);
  }
  t.is(spellings.size, 2 ** 8);
  t.is(keywordsOf(200)('Path'), 'path');
  t.is(keywordsOf(16 * 200)('Path'), 'Path');
});
