// A real registry that asks for tokens, and a small server that gives them (distribution.github.io, "Token Authentication
// Implementation": a JWT signed by a key whose certificate the registry has).
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { listRepositories } from '../../../../../agent/images/sources/registry/catalogue.ts';
import { askRegistry } from '../../../../../agent/images/sources/registry/registry-image.ts';
import { succeed } from '../../../../../lab/programs/run-program.ts';
import { startRegistry } from '../../../../../lab/servers/oci-registry.ts';
import { startStandIn } from '../../../../support/images/sources/http-stand-in.ts';
import { readSource } from '../../../../support/images/sources/read-source.ts';
import { BOOTABLE, makeLayout, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const SERVICE = 'test registry';
const ISSUER = 'test issuer';
const LOGIN = `Basic ${Buffer.from('lab:sesame-1').toString('base64')}`;

const base64 = (value: object | Uint8Array) =>
  (value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value))).toString(
    'base64url',
  );

/** Signs what whoever asks wants to do. */
async function makeSigner(folder: string) {
  const [key, certificate] = [join(folder, 'token.key'), join(folder, 'token.crt')];
  await succeed([
    ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
    ...['-keyout', key, '-out', certificate, '-subj', '/CN=test issuer'],
  ]);
  const privateKey = createPrivateKey(await readFile(key));
  const { raw } = new X509Certificate(await readFile(certificate));
  const tokenFor = (scopes: readonly string[]) => {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const head = base64({ typ: 'JWT', alg: 'RS256', x5c: [raw.toString('base64')] });
    const times = { exp: now + 300, nbf: now - 10, iat: now };
    const about = { iss: ISSUER, sub: 'lab', aud: SERVICE, jti: String(Math.random()) };
    const body = base64({ ...about, ...times, access });
    const signature = sign('RSA-SHA256', Buffer.from(`${head}.${body}`), privateKey);
    return `${head}.${body}.${base64(signature)}`;
  };
  return { certificate, tokenFor };
}

/** A registry with an image whose realm lets in a user; `expiresIn` as it says, in seconds. */
async function lab(t: ExecutionContext, { expiresIn }: { readonly expiresIn?: number } = {}) {
  const folder = await temporaryFolder(t);
  const { certificate, tokenFor } = await makeSigner(folder);
  const realm = await startStandIn(t, ({ headers, url }, response) => {
    const { searchParams } = new URL(url ?? '', 'http://realm');
    if (headers.authorization !== LOGIN) return response.writeHead(401).end();
    if (searchParams.get('service') !== SERVICE) return response.writeHead(400).end();
    const token = tokenFor(searchParams.getAll('scope'));
    response.end(JSON.stringify({ token, ...(expiresIn && { expires_in: expiresIn }) }));
  });
  const place = join(folder, 'registry');
  const open = await startRegistry(place);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await open.push(layout, 'lab/web:v1');
  await open.stop();
  const tokens = {
    realm: `http://${realm.address}/token`,
    ...{ service: SERVICE, issuer: ISSUER, rootcertbundle: certificate },
  };
  const registry = await startRegistry(place, { tokens });
  t.teardown(registry.stop);
  const credentials = join(folder, 'credentials');
  await writeFile(credentials, 'lab:sesame-1\n');
  const { address } = registry;
  const remote = { name: 'lab', address, http: true, mirrors: [], credentials };
  return { folder, realm, remote, credentials };
}

test('askRegistry() gets a token from the realm that a registry names, once for an image', async (t) => {
  const { realm, remote } = await lab(t);
  const asked = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  if (asked.kind !== 'found') return t.fail(JSON.stringify(asked));
  t.true((await readSource(t, asked.image)).isWhole);
  t.is(realm.asked.length, 1);
  t.regex(realm.asked[0]?.path ?? '', /scope=repository%3Alab%2Fweb%3Apull/);
});

test('a token that is soon out of date is asked for anew', async (t) => {
  const { realm, remote } = await lab(t, { expiresIn: 0.0001 });
  const asked = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  if (asked.kind !== 'found') return t.fail(JSON.stringify(asked));
  const before = realm.asked.length;
  await asked.image.placeOf({ digest: `sha256:${'0'.repeat(64)}`, size: 1 });
  t.is(realm.asked.length, before + 1);
});

test('listRepositories() asks for a token for the list', async (t) => {
  const { realm, remote } = await lab(t);
  t.deepEqual(await listRepositories(remote), { names: ['lab/web'] });
  t.regex(realm.asked[0]?.path ?? '', /scope=registry%3Acatalog%3A\*/);
});

test('askRegistry() says that access is denied, and never with what', async (t) => {
  const { remote, credentials } = await lab(t);
  await writeFile(credentials, 'lab:wrong-2\n');
  const wrong = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  t.regex(JSON.stringify(wrong), /access is denied: .* lets in not this user or password/);
  t.notRegex(JSON.stringify(wrong), /wrong-2|bGFi/);
  const { credentials: _, ...nobody } = remote;
  const none = await askRegistry(nobody, { name: 'lab/web:v1', wanted: {} });
  t.regex(JSON.stringify(none), /access is denied: .* lets in nobody without a login/);
});

test('credentials go to no realm on another machine without TLS', async (t) => {
  const { folder, credentials } = await lab(t);
  t.truthy(folder);
  const registry = await startStandIn(t, (_, response) => {
    const realm = 'http://192.0.2.1/token';
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
  });
  const remote = { name: 'odd', address: registry.address, http: true, mirrors: [], credentials };
  const asked = await askRegistry(remote, { name: 'lab/web:v1', wanted: {} });
  t.regex(JSON.stringify(asked), /wants a token from http:\/\/192\.0\.2\.1, which is not asked/);
});
