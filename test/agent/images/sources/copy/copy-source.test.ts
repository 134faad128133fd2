// Layers of registries that send them on, break off, stall or give something else.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Blobs } from '../../../../../agent/images/content/blobs.ts';
import { digestOf } from '../../../../../agent/images/sources/choice/documents.ts';
import { copySource } from '../../../../../agent/images/sources/copy/copy-source.ts';
import { startStandIn } from '../../../../support/images/http-stand-in.ts';
import { ask, honest, layer } from '../../../../support/images/odd-registry.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** Copies what was found into a store of its own. @returns the digests that are there afterwards */
async function copy(t: ExecutionContext, { asked }: Awaited<ReturnType<typeof ask>>) {
  if (asked.kind !== 'found') return t.fail(JSON.stringify(asked)) as never;
  const blobs = new Blobs(await temporaryFolder(t));
  const work = await temporaryFolder(t);
  const steps: string[] = [];
  const options = { blobs, work, progress: (step: string) => steps.push(step) };
  const image = await copySource(asked.image, options);
  return { blobs, image };
}

test('copySource() refuses a layer that is something else', async (t) => {
  for (const bytes of ['a later', 'a layer and more', 'a']) {
    const found = await ask(t, (request, response, count) => {
      if (request.url?.endsWith(digestOf(layer))) return response.end(bytes);
      honest(request, response, count);
    });
    await t.throwsAsync(copy(t, found), {
      name: 'ImageError',
      message: /Cannot read image .*: what it has as sha256:.*… is something else/,
    });
  }
});

test('a layer that is elsewhere is fetched there, without the credentials', async (t) => {
  const credentials = join(await temporaryFolder(t), 'credentials');
  await writeFile(credentials, 'lab:sesame\n');
  const store = await startStandIn(t, (_, response) => {
    response.end(layer);
  });
  const found = await ask(
    t,
    (request, response, count) => {
      if (request.headers.authorization === undefined) {
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      }
      if (!request.url?.endsWith(digestOf(layer))) return honest(request, response, count);
      response.writeHead(307, { location: `http://${store.address}/layer` }).end();
    },
    credentials,
  );
  const { blobs } = await copy(t, found);
  t.true(await blobs.has(digestOf(layer)));
  t.deepEqual(store.asked, [{ path: '/layer', authorization: undefined }]);
});

for (const location of ['http://192.0.2.1/layer', 'file:///etc/passwd', 'http://[', '/again']) {
  test(`a registry that sends on to ${location} is given up`, async (t) => {
    const found = await ask(t, (request, response, count) => {
      const isLayer = request.url === '/again' || request.url?.endsWith(digestOf(layer));
      if (isLayer !== true) return honest(request, response, count);
      response.writeHead(302, { location }).end();
    });
    await t.throwsAsync(copy(t, found), { message: /sends on/ });
  });
}

test('a layer whose connection breaks off is fetched again; what is here is not', async (t) => {
  let breaks = 0;
  const found = await ask(t, (request, response, count) => {
    if (!request.url?.endsWith(digestOf(layer)) || breaks > 0) {
      return honest(request, response, count);
    }
    breaks += 1;
    response.writeHead(200, { 'content-length': layer.length });
    response.write(layer.subarray(0, 2), () => request.socket.resetAndDestroy());
  });
  const { blobs } = await copy(t, found);
  t.true(await blobs.has(digestOf(layer)));
  if (found.asked.kind !== 'found') return t.fail();
  const before = found.asks.length;
  const work = await temporaryFolder(t);
  await copySource(found.asked.image, { blobs, work, progress: () => undefined });
  t.is(found.asks.length, before);
});

test('a copy ends where nothing comes any more, and where somebody ends it', async (t) => {
  const found = await ask(t, (request, response, count) => {
    if (!request.url?.endsWith(digestOf(layer))) return honest(request, response, count);
    response.writeHead(200, { 'content-length': layer.length });
    response.write(layer.subarray(0, 2));
  });
  if (found.asked.kind !== 'found') return t.fail(found.text);
  const blobs = new Blobs(await temporaryFolder(t));
  const work = await temporaryFolder(t);
  const options = { blobs, work, progress: () => undefined };
  await t.throwsAsync(copySource(found.asked.image, { ...options, stallMs: 500 }), {
    message: /it sent nothing for 0\.5 seconds/,
  });
  const ended = new AbortController();
  const copying = copySource(found.asked.image, { ...options, signal: ended.signal });
  ended.abort(new Error('no more'));
  await t.throwsAsync(copying, { message: /no more/ });
});
