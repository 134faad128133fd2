import { link, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SharedChunks } from '../../../../agent/net/files/shared-chunks.ts';
import { type FileChunks, HttpContent } from '../../../../agent/net/http/content.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Three parts, the last of them short. */
const BYTES = Buffer.from(Array.from({ length: 600_000 }, (_, at) => at % 251));

async function fileOf(t: ExecutionContext, bytes: Uint8Array) {
  const path = join(await temporaryFolder(t), 'kernel');
  await writeFile(path, bytes);
  return path;
}

async function opened(t: ExecutionContext, path: string, chunks: FileChunks) {
  const content = await HttpContent.open({ kind: 'file', path, size: 0 }, chunks);
  t.teardown(() => content.close());
  return content;
}

async function readAll(content: HttpContent, first = 0, last = content.size - 1) {
  const parts: Uint8Array[] = [];
  for await (const part of content.read({ first, last })) parts.push(part);
  return Buffer.concat(parts);
}

test('HttpContent reads a file once for all who are sent it', async (t) => {
  const path = await fileOf(t, BYTES);
  const chunks: FileChunks = new SharedChunks(1 << 20);
  const [one, other] = [await opened(t, path, chunks), await opened(t, path, chunks)];
  t.true((await readAll(one)).equals(BYTES));
  // What is on the disk now can be no answer.
  await truncate(path);
  t.true((await readAll(other)).equals(BYTES));
});

test('HttpContent reads parts of a file, also across the places where it is cut', async (t) => {
  const content = await opened(t, await fileOf(t, BYTES), new SharedChunks(1 << 20));
  for (const [first, last] of [
    [0, 0],
    [262_143, 262_144],
    [100, 599_999],
    [524_288, 524_288],
  ] as const) {
    t.true((await readAll(content, first, last)).equals(BYTES.subarray(first, last + 1)));
  }
});

test('HttpContent keeps nothing for who asks for a few bytes, and reads no more than those', async (t) => {
  const path = await fileOf(t, BYTES.subarray(0, 1000));
  const content = await opened(t, path, new SharedChunks(1 << 20));
  // What is on the disk is enough for this, and would not be for all of it.
  await truncate(path, 10);
  t.deepEqual(await readAll(content, 9, 9), BYTES.subarray(9, 10));
  await truncate(path, 1000);
  await readAll(content, 0, 998);
  await truncate(path, 999);
  await t.throwsAsync(readAll(content), { message: /became shorter/ });
});

test('HttpContent reads a file anew that was written anew', async (t) => {
  const path = await fileOf(t, BYTES);
  const chunks: FileChunks = new SharedChunks(1 << 20);
  await readAll(await opened(t, path, chunks));
  await writeFile(path, BYTES.toReversed());
  t.true((await readAll(await opened(t, path, chunks))).equals(BYTES.toReversed()));
});

test('HttpContent does not keep what it could not read', async (t) => {
  const path = await fileOf(t, BYTES);
  const chunks: FileChunks = new SharedChunks(1 << 20);
  const content = await opened(t, path, chunks);
  await truncate(path, 300_000);
  await t.throwsAsync(readAll(content), { message: /became shorter/ });
  await writeFile(path, BYTES);
  t.true((await readAll(content)).equals(BYTES));
});

test('HttpContent takes a file elsewhere for another one, whatever the kernel says of both', async (t) => {
  const path = await fileOf(t, BYTES);
  // As in the file systems of two images, of which the second came when the first was gone.
  await link(path, `${path}-of-another-image`);
  const chunks: FileChunks = new SharedChunks(1 << 20);
  const one = await opened(t, path, chunks);
  t.is((await opened(t, path, chunks)).tag, one.tag);
  t.not((await opened(t, `${path}-of-another-image`, chunks)).tag, one.tag);
});
