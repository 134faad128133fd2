// The stick that a server in a VM offers for download, as somebody beside it gets it.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { succeed } from '../../../lab/programs/run-program.ts';
import { sha256Of } from '../../../scripts/release/manifest.ts';
import type { Namespace } from '../namespace.ts';

const NAME = 'pc-usb.dd.gz';

/**
 * Fetches the list of media, then the medium for PCs, and unpacks that.
 * @param options.folder where the files go
 * @returns the path of the stick
 * @throws {Error} if the sum of the list is not that of the medium
 */
export async function stickOfServer(
  from: Namespace,
  { address, folder }: { readonly address: string; readonly folder: string },
): Promise<string> {
  const download = async (path: string, to: string) => {
    const words = ['curl', '--silent', '--show-error', '--fail', '--output', to];
    await succeed(from.command([...words, `http://${address}${path}`]), { seconds: 300 });
  };
  const list = join(folder, 'index.json');
  await download('/media/index.json', list);
  const { media } = JSON.parse(await readFile(list, 'utf8')) as {
    readonly media: readonly { name: string; url: string; sha256: string }[];
  };
  const medium = media.find(({ name }) => name === NAME);
  if (medium === undefined) throw new Error(`The server offers no ${NAME}`);
  const packed = join(folder, NAME);
  await download(medium.url, packed);
  const sum = await sha256Of(packed);
  if (sum !== medium.sha256) throw new Error(`${NAME} has ${sum}, expected ${medium.sha256}`);
  const stick = join(folder, 'stick');
  await pipeline(createReadStream(packed), createGunzip(), createWriteStream(stick));
  return stick;
}
