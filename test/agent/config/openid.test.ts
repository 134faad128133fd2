// Key `api.oidc`: what is refused, and how that is said.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { ConfigError, WaltError } from '../../../agent/errors.ts';
import { signInsOf } from '../../../agent/start/api/sign-ins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const GOOD = {
  issuer: 'https://id.example.org/realms/lab',
  clientId: 'walt',
  url: 'https://walt.example.org:8443',
  defaultRole: 'viewer',
};
const configWith = (keys: object) =>
  parseConfig(JSON.stringify({ api: { oidc: { ...GOOD, ...keys } } }), 'walt.yaml');

const BAD: readonly (readonly [object, RegExp])[] = [
  [{ issuer: 'http://id.example.org' }, /api\.oidc\.issuer: expected https:\/\//],
  [{ issuer: 'https://id.example.org/?x' }, /api\.oidc\.issuer: expected https:\/\//],
  [{ issuer: 'id.example.org' }, /api\.oidc\.issuer: expected https:\/\//],
  [{ issuer: 'https://me:secret@id.example.org' }, /api\.oidc\.issuer: expected https:\/\//],
  [{ url: 'https://walt.example.org/nodes' }, /api\.oidc\.url: expected the address of the page/],
  [{ url: 'http://walt.example.org' }, /api\.oidc\.url: expected the address of the page/],
  [{ clientSecretFile: 'secret' }, /api\.oidc\.clientSecretFile: expected an absolute path/],
  [{ scopes: ['profile'] }, /api\.oidc\.scopes: expected `openid` among them/],
  [{ scopes: ['openid profile'] }, /api\.oidc\.scopes\.0: expected a word/],
  [{ defaultRole: undefined }, /api\.oidc\.roles: nobody would have a role: name groups/],
  [{ defaultRole: 'admin' }, /api\.oidc\.defaultRole/],
  [{ roles: { king: ['x'] } }, /api\.oidc\.roles: .*king/],
];

for (const [keys, sentence] of BAD) {
  test(`api.oidc with ${JSON.stringify(keys)} is refused`, (t) => {
    t.throws(() => configWith(keys), { instanceOf: ConfigError, message: sentence });
  });
}

test('the server does not start with a secret that cannot be read', async (t) => {
  const folder = await temporaryFolder(t);
  const accounts = {} as never;
  t.is(await signInsOf(parseConfig('', 'walt.yaml'), { accounts }), undefined);
  t.is((await signInsOf(configWith({ name: 'Lab' }), { accounts }))?.name, 'Lab');
  const none = signInsOf(configWith({ clientSecretFile: join(folder, 'none') }), { accounts });
  await t.throwsAsync(none, {
    instanceOf: WaltError,
    message: /none of api\.oidc\.clientSecretFile: /,
  });
  await writeFile(join(folder, 'empty'), '\n');
  const empty = signInsOf(configWith({ ca: join(folder, 'empty') }), { accounts });
  await t.throwsAsync(empty, { message: /empty of api\.oidc\.ca: it is empty/ });
});
