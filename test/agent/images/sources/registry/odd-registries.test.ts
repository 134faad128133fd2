// Registries that are busy, broken, far away or not honest: a small server stands in where a real one would not do so.
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Blobs } from '../../../../../agent/images/content/blobs.ts';
import { digestOf } from '../../../../../agent/images/sources/choice/documents.ts';
import { copySource } from '../../../../../agent/images/sources/copy/copy-source.ts';
import { listRepositories } from '../../../../../agent/images/sources/registry/catalogue.ts';
import { askRegistry } from '../../../../../agent/images/sources/registry/registry-image.ts';
import { startStandIn } from '../../../../support/images/http-stand-in.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const layer = Buffer.from('a layer');
const config = Buffer.from('{"os":"linux"}');
const part = (bytes: Uint8Array) => ({ digest: digestOf(bytes), size: bytes.length });
const manifest = Buffer.from(
  JSON.stringify({ schemaVersion: 2, config: part(config), layers: [part(layer)] }),
);

/** What an honest registry answers. */
const honest: Answer = ({ url = '' }, response) => {
  if (url.includes('/manifests/')) return response.end(manifest);
  if (url.endsWith(digestOf(config))) return response.end(config);
  if (url.endsWith(digestOf(layer))) return response.end(layer);
  return response.writeHead(404).end();
};

async function ask(t: ExecutionContext, answer: Answer, credentials?: string) {
  const server = await startStandIn(t, answer);
  const login = credentials === undefined ? {} : { credentials };
  const remote = { name: 'odd', address: server.address, http: true, mirrors: [], ...login };
  const asked = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  return { asks: server.asked, asked, text: JSON.stringify(asked) };
}

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

test('a registry that is busy is asked again, twice at most', async (t) => {
  const busy = await ask(t, (request, response, count) => {
    if (count > 2) return honest(request, response, count);
    response.writeHead(count === 1 ? 429 : 503, { 'retry-after': '0' }).end();
  });
  t.is(busy.asked.kind, 'found');
  const down = await ask(t, (_, response) => {
    response.writeHead(500, { 'retry-after': '0' }).end('{"errors":[{"message":"disk full"}]}');
  });
  t.regex(down.text, /it answers with HTTP status 500: disk full/);
  t.is(down.asked.kind, 'failed');
  t.is(down.asks.length, 3);
});

test('a registry that wants to be left alone for long is left alone', async (t) => {
  let count = 0;
  const { text } = await ask(t, (_, response) => {
    count += 1;
    response.writeHead(429, { 'retry-after': '3600' }).end();
  });
  t.regex(text, /it is asked too often: try again later/);
  t.is(count, 1);
});

test('a connection that breaks off is made again, twice at most', async (t) => {
  let broken = 0;
  const lost = await ask(t, (request) => {
    broken += 1;
    request.socket.resetAndDestroy();
  });
  t.regex(lost.text, /it cannot be reached: it closed the connection/);
  t.is(broken, 3);
  const once = await ask(t, (request, response, count) => {
    if (count === 1) return request.socket.resetAndDestroy();
    honest(request, response, count);
  });
  t.is(once.asked.kind, 'found');
});

test('a registry that says nothing is given up', async (t) => {
  const { text } = await ask(t, () => undefined);
  t.regex(text, /it did not answer within 10 seconds/);
});

test('an answer without end is given up', async (t) => {
  const { text } = await ask(t, (_, response) => {
    response.writeHead(200);
    const more = () => response.destroyed || response.write(Buffer.alloc(1 << 20, ' '), more);
    more();
  });
  t.regex(text, /larger than 4194304 bytes/);
});

test('a manifest, a configuration or a layer that is something else is refused', async (t) => {
  const other = await ask(t, (request, response, count) => {
    if (request.url?.endsWith(digestOf(config))) return response.end('{"os":"other"}');
    honest(request, response, count);
  });
  t.regex(other.text, /what it has as sha256:[0-9a-f]{12}… is something else/);
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

test('a manifest of schema 1, or a page in place of one, is named', async (t) => {
  const old = await ask(t, (_, response) => {
    response.end('{"schemaVersion":1}');
  });
  t.regex(old.text, /too old \(schema 1\): push it again/);
  const page = await ask(t, (_, response) => {
    response.end('<html>');
  });
  t.regex(page.text, /its manifest is damaged/);
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

/** Pages of a list, by their addresses, each with its link. */
async function list(t: ExecutionContext, pages: Readonly<Record<string, [string[], string?]>>) {
  const { address } = await startStandIn(t, ({ url = '' }, response) => {
    const page = pages[url];
    if (page === undefined) return response.writeHead(404).end();
    if (page[1] !== undefined) response.setHeader('link', page[1]);
    response.end(JSON.stringify({ repositories: page[0] }));
  });
  return await listRepositories({ name: 'odd', address, http: true, mirrors: [] });
}

const FIRST = '/v2/_catalog?n=1000';

test('listRepositories() follows the link that leads on, whatever else there is', async (t) => {
  t.deepEqual(
    await list(t, {
      [FIRST]: [['a/a'], '</v2/_catalog>; rel="first", <?last=a>; rel="next last"'],
      '/v2/_catalog?last=a': [['b/b'], '</v2/_catalog>; rel="prev"'],
    }),
    { names: ['a/a', 'b/b'] },
  );
});

test('listRepositories() says where a list is not read to its end', async (t) => {
  t.deepEqual(
    await list(t, { [FIRST]: [['a/a'], '<https://other.example/v2/_catalog>; rel="next"'] }),
    { names: ['a/a'], problem: 'its list goes on at other.example, which is not asked' },
  );
  t.deepEqual(await list(t, { [FIRST]: [['a/a'], `<${FIRST}>; rel="next"`] }), {
    names: ['a/a'],
    problem: 'its list goes round in a circle',
  });
});

test('listRepositories() refuses a list that is none', async (t) => {
  const { address } = await startStandIn(t, (_, response) => {
    response.end('{"repositories":[1]}');
  });
  const remote = { name: 'odd', address, http: true, mirrors: [] };
  await t.throwsAsync(listRepositories(remote), { message: 'its list is damaged' });
});
