// Layers of registries that send them on, break off, stall or give something else.
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { digestOf } from '../../../../agent/images/content/digest.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { startStandIn } from '../../../support/images/sources/http-stand-in.ts';
import { ask, honest, layer } from '../../../support/images/sources/odd-registry.ts';
import { readSource } from '../../../support/images/sources/read-source.ts';
import { tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const other = tar([{ path: 'file', content: 'a later' }]);

async function read(t: ExecutionContext, { asked, text }: Awaited<ReturnType<typeof ask>>) {
  if (asked.kind !== 'found') return t.fail(text) as never;
  return await readSource(t, asked.image);
}

test('a layer that is something else is refused', async (t) => {
  for (const bytes of [
    other,
    Buffer.concat([layer, Buffer.from('more')]),
    layer.subarray(0, 512),
  ]) {
    const found = await ask(t, (request, response, count) => {
      if (request.url?.endsWith(digestOf(layer))) return response.end(bytes);
      honest(request, response, count);
    });
    await t.throwsAsync(read(t, found), {
      name: 'ImageError',
      message:
        /Cannot use image lab\/web:v1: layer 1 of 1: .*(damaged|something else|ends too early|diff_ids)/,
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
  t.true((await read(t, found)).isWhole);
  t.deepEqual(store.asked, [{ path: '/layer', authorization: undefined }]);
});

for (const location of ['http://192.0.2.1/layer', 'file:///etc/passwd', 'http://[', '/again']) {
  test(`a registry that sends on to ${location} is given up`, async (t) => {
    const found = await ask(t, (request, response, count) => {
      const isLayer = request.url === '/again' || request.url?.endsWith(digestOf(layer));
      if (isLayer !== true) return honest(request, response, count);
      response.writeHead(302, { location }).end();
    });
    await t.throwsAsync(read(t, found), { message: /sends on/ });
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
  const { state, isWhole } = await read(t, found);
  t.true(isWhole);
  if (found.asked.kind !== 'found') return t.fail();
  const before = found.asks.length;
  await readSource(t, found.asked.image, { state });
  t.is(found.asks.length, before);
});

test('reading ends where nothing comes any more, and where somebody ends it', async (t) => {
  const comes = new EventEmitter();
  const found = await ask(t, (request, response, count) => {
    if (!request.url?.endsWith(digestOf(layer))) return honest(request, response, count);
    response.writeHead(200, { 'content-length': layer.length });
    response.write(layer.subarray(0, 2), () => comes.emit('layer'));
  });
  if (found.asked.kind !== 'found') return t.fail(found.text);
  await t.throwsAsync(readSource(t, found.asked.image, { stallMs: 500 }), {
    message: /nothing came for 0\.5 seconds/,
  });
  const ended = new AbortController();
  const reading = readSource(t, found.asked.image, { signal: ended.signal });
  await once(comes, 'layer');
  ended.abort();
  await t.throwsAsync(reading, { name: 'ImageError', message: /it was ended .SIGKILL./ });
});

test('layers that have come stay where a registry breaks off, and are not fetched again', async (t) => {
  const second = tar([{ path: 'other', content: 'another layer' }]);
  const layers = [layer, second];
  const rootfs = { type: 'layers', diff_ids: layers.map(digestOf) };
  const config = Buffer.from(JSON.stringify({ os: 'linux', rootfs }));
  const part = (bytes: Buffer) => ({ digest: digestOf(bytes), size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, config: part(config), layers: layers.map(part) }),
  );
  let isAway = true;
  const server = await startStandIn(t, ({ url = '' }, response) => {
    if (url.endsWith(digestOf(layer))) return response.end(layer);
    if (isAway) return response.writeHead(403).end();
    return response.end(second);
  });
  const placeOf = async ({ digest }: { readonly digest: string }) =>
    ({ kind: 'http', url: `http://${server.address}/${digest}`, headers: {} }) as const;
  const source = { shown: 'lab/web:v1', manifest, config, placeOf };
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder);
  const options = { name: 'lab/web:v1', progress };
  await t.throwsAsync(store.take(source, options), { message: /access is denied/ });
  t.is((await rest()).layers.length, 1);
  isAway = false;
  // It is no image that boots, but that is seen of the whole.
  await t.throwsAsync(store.take(source, options), { message: /walt\.node\.models is missing/ });
  t.is(server.asked.filter(({ path }) => path.endsWith(digestOf(layer))).length, 1);
  t.is((await rest()).layers.length, 0, 'nothing of a refused image stays');
});
