import { readdir, readFile, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function bundle(folder: string, entry: string, name: string): Promise<string> {
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node24' } as const;
  const outfile = join(folder, name);
  await build({ ...options, entryPoints: [`agent/store/sqlite/writing/${entry}`], outfile });
  return outfile;
}

test('threadWriter() finds the program of its thread beside a bundled server', async (t) => {
  const folder = await temporaryFolder(t);
  const { threadWriter } = await import(
    await bundle(folder, 'writer-thread.ts', 'walt-server.mjs')
  );
  t.throws(() => threadWriter(join(folder, 'walt.db'), ''), {
    message: /there is none of .*walt-server-writer\.mjs/,
  });
  await bundle(folder, 'writer-program.ts', 'walt-server-writer.mjs');
  const writer = threadWriter(join(folder, 'walt.db'), 'CREATE TABLE t (a integer)');
  const insert = (a: number) => [{ sql: 'INSERT INTO t VALUES (?)', parameters: [a] }];
  t.deepEqual(await writer.write([insert(1), insert(2)]), []);
  await writer.close();
});

/** Of all threads of this process (proc(5): the 19th field; the second, a name in brackets, may have blanks). */
async function priorities(): Promise<number[]> {
  const threads = await readdir('/proc/self/task');
  const stats = threads.map((one) => readFile(`/proc/self/task/${one}/stat`, 'utf8'));
  return (await Promise.all(stats)).map((stat) => {
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

// Alone: other threads of this process are counted too.
test.serial('threadWriter() writes behind the thread that answers machines', async (t) => {
  const folder = await temporaryFolder(t);
  const { threadWriter } = await import(
    '../../../../../agent/store/sqlite/writing/writer-thread.ts'
  );
  const isBehind = (priority: number) => priority === Math.min(19, getPriority() + 5);
  const before = (await priorities()).filter(isBehind).length;
  const writer = threadWriter(join(folder, 'walt.db'), 'CREATE TABLE t (a integer)');
  const insert = [{ sql: 'INSERT INTO t VALUES (?)', parameters: [1] }];
  t.deepEqual(await writer.write([insert]), []);
  t.is((await priorities()).filter(isBehind).length, before + 1);
  await writer.close();
});

// The thread's program hangs the first time it starts, and is the real one after that.
const HANGS_ONCE = `
import { existsSync, writeFileSync } from 'node:fs';
const mark = new URL('hung', import.meta.url);
if (!existsSync(mark)) {
  writeFileSync(mark, '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
await import('./real-writer.mjs');
`;

test('threadWriter() ends a thread that hangs, says so, and writes on with another', async (t) => {
  const folder = await temporaryFolder(t);
  await bundle(folder, 'writer-program.ts', 'real-writer.mjs');
  await writeFile(join(folder, 'walt-server-writer.mjs'), HANGS_ONCE);
  const { threadWriter } = await import(await bundle(folder, 'writer-thread.ts', 'server.mjs'));
  const said: string[] = [];
  const writer = threadWriter(join(folder, 'walt.db'), 'CREATE TABLE IF NOT EXISTS t (a integer)', {
    onProblem: (message: string) => said.push(message),
    askMs: 1000,
  });
  const insert = [{ sql: 'INSERT INTO t VALUES (?)', parameters: [1] }];
  // The timer of the asking keeps no program alive; the thread does, as long as it has something to write.
  await t.throwsAsync(writer.write([insert]), {
    message: /Cannot write to .*walt\.db: its thread/,
  });
  t.is(said.length, 1);
  t.regex(said[0] ?? '', /^The thread that writes to .*walt\.db hangs: ending it$/);
  t.deepEqual(await writer.write([insert]), []);
  await writer.close();
});
