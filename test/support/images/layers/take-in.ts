/**
 * A process that does with one generated layer what the server's unpacker does, and says how much memory it had at most:
 * argument 1 is an empty folder, 2 how many files the layer has, 3 how many bytes each. Its only line is `{"rssBytes": …}`.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eachEntry } from '../../../../agent/images/content/layers/layer-files.ts';
import { LayerRules } from '../../../../agent/images/content/layers/layer-rules.ts';
import { readLayer } from '../../../../agent/images/content/layers/read-layer.ts';
import { writeErofs } from '../../../../agent/images/content/roots/erofs/erofs.ts';
import { layerOver } from '../../../../agent/images/content/tree/apply-layer.ts';
import { emptyFolder } from '../../../../agent/images/content/tree/image-tree.ts';
import { END, file, padding } from './raw-tar.ts';

const PIECE = 1 << 20;
const PER_FOLDER = 100;
const [folder = '', files = '0', bytes = '0'] = process.argv.slice(2);

const digest = `sha256:${await digestOf(archive())}`;
const limits = { maxFiles: 1e6, maxBytes: 1e11, bytesReason: 'as the test says' };
const own = join(folder, 'layer');
await mkdir(own);
await readLayer(archive(), {
  wanted: { digest, diffId: digest, folder: own },
  rules: new LayerRules(limits, { files: 0, bytes: 0 }),
});
const root = emptyFolder();
const { dataBytes } = await eachEntry(own, layerOver(root, 0));
const path = join(folder, 'root.erofs');
await writeErofs(root, { path, layers: [dataBytes], uuid: new Uint8Array(16) });
console.log(JSON.stringify({ rssBytes: process.resourceUsage().maxRSS * 1024 }));

async function digestOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** The layer, never whole in memory. */
async function* archive(): AsyncGenerator<Buffer> {
  const length = Number(bytes);
  const content = Buffer.alloc(PIECE, 'some content ');
  for (let at = 0; at < Number(files); at += 1) {
    const name = `usr/share/${Math.floor(at / PER_FOLDER)}/a-file-of-usual-length-${at}.txt`;
    yield file(name, '', { size: length });
    for (let missing = length; missing > 0; missing -= PIECE) {
      yield content.subarray(0, Math.min(missing, PIECE));
    }
    yield padding(length);
  }
  yield END;
}
