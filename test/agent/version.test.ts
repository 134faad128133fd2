import { readFile } from 'node:fs/promises';
import test from 'ava';
import { version } from '../../agent/version.ts';

test("version is package.json's", async (t) => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  t.is(version, JSON.parse(text).version);
});
