// What people are told where a registry takes no image, by real registries and by what is none.

import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { Registry } from '../../../../agent/config/sections/images.ts';
import { ImageError } from '../../../../agent/errors.ts';
import { publishImage } from '../../../../agent/images/sources/publish.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import { startRegistry } from '../../../../lab/servers/oci-registry.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('publishImage() says in words why a registry takes no image', async (t) => {
  const place = await temporaryFolder(t);
  const { store, progress } = await openImageStore(join(place, 'place'));
  const layout = await makeLayout(join(place, 'made'), [tar(BOOTABLE)]);
  const image = await store.import(layout, { name: 'alice/pc', progress });
  const locked = await startRegistry(join(place, 'locked'), { login: 'lab:secret' });
  const readOnly = await startRegistry(join(place, 'read-only'), { isReadOnly: true });
  const secure = await startRegistry(join(place, 'secure'), { tls: true });
  const noRegistry = createServer((_, response) => response.writeHead(204).end());
  await new Promise<void>((done) => noRegistry.listen(0, '127.0.0.1', done));
  // As a registry does that knows who asks, and lets them read alone.
  const denying = createServer(({ method }, response) => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'access is denied' }] });
    if (method === 'GET') response.writeHead(200).end();
    else response.writeHead(403, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((done) => denying.listen(0, '127.0.0.1', done));
  t.teardown(async () => {
    for (const registry of [locked, readOnly, secure]) await registry.stop();
    noRegistry.close();
    denying.close();
  });
  const credentials = join(place, 'credentials');
  await writeFile(credentials, 'lab:wrong\n', { mode: 0o600 });
  const at = (server: typeof denying) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cases: readonly (readonly [string, Partial<Registry>, RegExp])[] = [
    [
      'gone',
      { address: `127.0.0.1:${await freePort()}` },
      /it cannot be reached: nothing listens there/,
    ],
    ['none', { address: at(noRegistry) }, /: it answers with status 204, as no registry/],
    ['plain', { address: locked.address, http: false }, /does not speak TLS as expected/],
    ['unknown', { address: secure.address, http: false }, /certificate/],
    ['locked', { address: locked.address }, /lets in nobody without a login\. Name one in images/],
    ['wrong', { address: locked.address, credentials }, /does not take the user and password of/],
    ['reading', { address: readOnly.address }, /takes no images: it can only be read$/],
    ['denying', { address: at(denying) }, /nobody may write there without a login\. Ask who runs/],
  ];
  for (const [name, more, expected] of cases) {
    const registry = { name, http: true, mirrors: [], ...more } as unknown as Registry;
    const { signal } = new AbortController();
    const thrown = await t.throwsAsync(
      publishImage(image, { progress, signal }, { images: store, registries: [registry] }),
      { instanceOf: ImageError },
      name,
    );
    t.regex(thrown.message, new RegExp(`^Cannot publish alice/pc:latest to ${name}: `));
    t.regex(thrown.message, expected, name);
    t.notRegex(thrown.message, /skopeo|level=|blob sha256|\n|E[A-Z]{5}/, name);
  }
});
