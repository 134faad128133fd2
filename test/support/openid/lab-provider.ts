// A provider in the network of a lab whose server has the page.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { ownCertificate } from '../../../agent/access/certificates.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { OpenIdOptions, Persons } from '../../../lab/openid/provider.ts';
import { Background } from '../../../lab/programs/background.ts';
import { openPageLab, PAGE_URL } from '../page/lab-page.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PROGRAM = join(ROOT, 'lab/openid/program.ts');
const PORT = 9443;

/** A server that knows a provider, with the page. @param name of the lab, at most 8 characters */
export async function openOpenIdLab(
  t: ExecutionContext,
  name: string,
  { persons, ...oidc }: { readonly persons: Persons; readonly [key: string]: unknown },
): Promise<{ readonly lab: Lab; readonly provider: Background }> {
  const folder = await temporaryFolder(t);
  const made = await ownCertificate(folder, ['127.0.0.1']);
  const [key, cert, clientSecretFile] = ['key', 'cert', 'secret'].map((one) => join(folder, one));
  await writeFile(key ?? '', made.key);
  await writeFile(cert ?? '', made.cert);
  const client = { id: 'walt', secret: 'a secret of both', redirectUri: `${PAGE_URL}/sign-in` };
  await writeFile(clientSecretFile ?? '', client.secret);
  const issuer = `https://127.0.0.1:${PORT}`;
  const usual = { issuer, clientId: client.id, clientSecretFile, url: PAGE_URL, ca: cert };
  const lab = await openPageLab(t, name, { oidc: { ...usual, ...oidc } });
  const tls = { key: key ?? '', cert: cert ?? '' };
  const plan: OpenIdOptions = { port: PORT, tls, persons, client };
  const provider = new Background(lab.namespace.command([NODE, PROGRAM, JSON.stringify(plan)]));
  t.teardown(() => provider.kill());
  await provider.waitFor(/listening/, 60);
  return { lab, provider };
}
