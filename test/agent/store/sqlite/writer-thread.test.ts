import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('threadWriter() finds the program of its thread beside a bundled server', async (t) => {
  const folder = await temporaryFolder(t);
  const bundle = async (entry: string, name: string) => {
    const options = { bundle: true, format: 'esm', platform: 'node', target: 'node24' } as const;
    const outfile = join(folder, name);
    await build({ ...options, entryPoints: [`agent/store/sqlite/${entry}`], outfile });
    return outfile;
  };
  const { threadWriter } = await import(await bundle('writer-thread.ts', 'walt-server.mjs'));
  t.throws(() => threadWriter(join(folder, 'walt.db'), ''), {
    message: /there is none of .*walt-server-writer\.mjs/,
  });
  await bundle('writer-program.ts', 'walt-server-writer.mjs');
  const writer = threadWriter(join(folder, 'walt.db'), 'CREATE TABLE t (a integer)');
  const insert = (a: number) => [{ sql: 'INSERT INTO t VALUES (?)', parameters: [a] }];
  t.deepEqual(await writer.write([insert(1), insert(2)]), []);
  await writer.close();
});
