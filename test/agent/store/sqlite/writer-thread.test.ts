import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('threadWriter() has its thread in a program that was bundled to one file', async (t) => {
  const folder = await temporaryFolder(t);
  const program = join(folder, 'program.mjs');
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node24' } as const;
  await build({
    ...options,
    entryPoints: ['agent/store/sqlite/writer-thread.ts'],
    outfile: program,
  });
  const { threadWriter } = await import(program);
  const writer = threadWriter(join(folder, 'walt.db'), 'CREATE TABLE t (a integer)');
  const insert = (a: number) => [{ sql: 'INSERT INTO t VALUES (?)', parameters: [a] }];
  t.deepEqual(await writer.write([insert(1), insert(2)]), []);
  await writer.close();
});
