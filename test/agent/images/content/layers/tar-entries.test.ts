import test from 'ava';
import { TarError, tarEntries } from '../../../../../agent/images/content/layers/tar-entries.ts';
import { tar } from '../../../../support/images/tar.ts';

const BLOCK = 512;
/** a header, a block of content, and the end */
const WHOLE = tar([{ path: 'etc/motd', content: 'hello' }]);

async function* inPieces(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function read(bytes: Uint8Array, length = 100) {
  const found: [path: string, size: number][] = [];
  for await (const { path, size } of tarEntries(inPieces(bytes, length))) found.push([path, size]);
  return found;
}

for (const [what, bytes] of [
  ['a whole archive', WHOLE],
  ['one without its end', WHOLE.subarray(0, 2 * BLOCK)],
  ['one without padding of the last file, as umoci insert makes it', WHOLE.subarray(0, BLOCK + 5)],
  ['one with a part of that padding', WHOLE.subarray(0, BLOCK + 300)],
] as const) {
  test(`tarEntries() reads ${what}`, async (t) => {
    for (const length of [1, 100, 10_240]) {
      t.deepEqual(await read(bytes, length), [['etc/motd', 5]], `in pieces of ${length}`);
    }
  });
}

for (const [what, bytes] of [
  ['content', WHOLE.subarray(0, BLOCK + 4)],
  ['a header', WHOLE.subarray(0, BLOCK - 1)],
] as const) {
  test(`tarEntries() refuses an archive that ends within ${what}`, async (t) => {
    await t.throwsAsync(read(bytes), { instanceOf: TarError, message: /ends too early/ });
  });
}
