import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { inputHash } from '../../../../scripts/images/cache/input-hash.ts';

test('inputHash() changes with contents, names, executable bits and the text, and with nothing else', async (t) => {
  const top = await mkdtemp(join(tmpdir(), 'walt-hash-'));
  const hash = (text = 'recipe') => inputHash(top, { paths: ['files', 'single'], text });
  try {
    await mkdir(join(top, 'files/deep'), { recursive: true });
    await writeFile(join(top, 'files/deep/a'), 'one');
    await writeFile(join(top, 'single'), 'two');
    await writeFile(join(top, 'unrelated'), 'three');
    const first = await hash();
    t.is(await hash(), first);
    await writeFile(join(top, 'unrelated'), 'changed');
    t.is(await hash(), first);
    await writeFile(join(top, 'files/deep/a'), 'other');
    const seen = [first, await hash()];
    await chmod(join(top, 'files/deep/a'), 0o755);
    seen.push(await hash());
    await writeFile(join(top, 'files/deep/b'), '');
    seen.push(await hash(), await hash('other recipe'));
    t.is(new Set(seen).size, seen.length);
  } finally {
    await rm(top, { recursive: true });
  }
});
