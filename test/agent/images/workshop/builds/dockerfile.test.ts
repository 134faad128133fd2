// Dockerfiles as people write them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { baseImages } from '../../../../../agent/images/workshop/builds/dockerfile.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function withText(t: ExecutionContext, text: string): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'Dockerfile'), text);
  return folder;
}

test('baseImages() are those of this server, each once', async (t) => {
  const folder = await withText(
    t,
    'FROM --platform=linux/amd64 alice/web:v2 AS one\nFROM host:5000/a/b\nfrom alice/web:v2\nFROM debian\nFROM scratch\n',
  );
  t.deepEqual(await baseImages(folder), ['alice/web:v2']);
  t.deepEqual(await baseImages(await temporaryFolder(t)), []);
});

test('baseImages() says how to write what was written as a clone link', async (t) => {
  const ofServer = await withText(t, 'FROM walt:alice/web\nRUN true\n');
  await t.throwsAsync(baseImages(ofServer), {
    message: 'A Dockerfile names images of this server without walt: (FROM alice/web)',
  });
  const ofHub = await withText(t, 'FROM hub:alice/web\n');
  await t.throwsAsync(baseImages(ofHub), { message: /takes no clone link.*image clone hub:alice/ });
});
