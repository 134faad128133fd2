// What one layer takes of the server's memory, however much it has: each in a process of its own, with the flags of the
// program that unpacks.
import { join } from 'node:path';
import test from 'ava';
import { UNPACKER_FLAGS } from '../../../agent/images/intake/unpacker/flags.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MOST_BYTES = 200e6;
const PROGRAM = join(import.meta.dirname, '../../support/images/layers/take-in.ts');

for (const [what, files, bytes] of [
  ['99,000 small files', 99_000, 100],
  ['two files of 1 GB', 2, 2 ** 30],
] as const) {
  test.serial(`a layer of ${what} is taken in with less than 200 MB of memory`, async (t) => {
    t.timeout(300_000);
    const folder = await temporaryFolder(t);
    const argv = [
      process.execPath,
      ...UNPACKER_FLAGS,
      PROGRAM,
      folder,
      String(files),
      String(bytes),
    ];
    const { stdout } = await succeed(argv, { seconds: 280 });
    const { rssBytes } = JSON.parse(stdout.toString()) as { rssBytes: number };
    t.log(`${Math.round(rssBytes / 1e6)} MB`);
    t.true(rssBytes < MOST_BYTES, `${rssBytes} bytes`);
  });
}
