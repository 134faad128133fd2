// What nodes get depends on the image alone: not on umask, clock, time zone, language, folder, or the times of files here.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PROGRAM = join(import.meta.dirname, '../../../support/images/processes/import-process.ts');

const surroundings = [
  { title: 'as it is', before: 'umask 022', env: {} },
  {
    title: 'a strict umask',
    before: 'umask 077',
    env: { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8' },
  },
  { title: 'no umask', before: 'umask 0', env: { TZ: 'America/New_York', LC_ALL: 'C' } },
] as const;

test('a root is the same, byte for byte, wherever it is made', async (t) => {
  const folder = await temporaryFolder(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  const roots = new Map<string, string>();
  for (const [at, { title, before, env }] of surroundings.entries()) {
    const place = join(await temporaryFolder(t), `place ${'deeper/'.repeat(at)}here`);
    const script = `${before}; mkdir -p "$2"; touch -d @${1e9 * (at + 1)} "$2"; exec "$0" "$1" "$2" "$3"`;
    await runProgram('sh', ['-c', script, process.execPath, PROGRAM, place, layout], { env });
    const [key = ''] = await readdir(join(place, 'state/images'));
    const bytes = await readFile(join(place, 'state/images', key, 'root.erofs'));
    roots.set(title, createHash('sha256').update(bytes).digest('hex'));
  }
  t.is(new Set(roots.values()).size, 1, JSON.stringify([...roots]));
});
