import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { renewAuthority } from '../../../agent/access/authority.ts';
import { givenCertificate, ownCertificate } from '../../../agent/access/certificates.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NAMES = ['walt.example', '192.0.2.1', '::1'];

function split(chain: string): [string, string] {
  const [own = '', authority = ''] = chain.split(/(?<=END CERTIFICATE-----)\n/);
  return [own, authority];
}

test('ownCertificate() makes a certificate that openssl(1) takes for each of the names', async (t) => {
  const folder = await temporaryFolder(t);
  const { cert, fingerprint } = await ownCertificate(folder, NAMES);
  const [own, authority] = split(cert);
  const [server, ca] = [join(folder, 'own.pem'), join(folder, 'ca.pem')];
  await writeFile(server, own);
  await writeFile(ca, authority);
  for (const which of [
    ['-verify_hostname', 'walt.example'],
    ['-verify_ip', '192.0.2.1'],
  ]) {
    const verify = ['openssl', 'verify', '-x509_strict', '-purpose', 'sslserver'];
    const { said } = await runProgram([...verify, '-CAfile', ca, ...which, server]);
    t.regex(said, /: OK/);
  }
  t.is(new X509Certificate(authority).fingerprint256, fingerprint);
});

test('ownCertificate() keeps its authority for good, and its certificate while that fits', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await ownCertificate(folder, NAMES);
  t.deepEqual(await ownCertificate(folder, NAMES), first);
  const other = await ownCertificate(folder, [...NAMES, 'more.example']);
  t.is(other.fingerprint, first.fingerprint);
  t.not(other.key, first.key);
  for (const file of await readdir(folder)) {
    t.is((await stat(join(folder, file))).mode & 0o777, 0o600, file);
  }
});

test('ownCertificate() names a damaged file, and leaves it', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'authority.pem'), 'rubbish');
  await t.throwsAsync(ownCertificate(folder, NAMES), { message: /authority\.pem is damaged/ });
  t.is(await readFile(join(folder, 'authority.pem'), 'utf8'), 'rubbish');
});

test('givenCertificate() takes what belongs together, and nothing else', async (t) => {
  const folder = await temporaryFolder(t);
  const [a, b] = [
    await ownCertificate(join(folder, 'a'), NAMES),
    await ownCertificate(join(folder, 'b'), NAMES),
  ];
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(cert, a.cert);
  await writeFile(key, a.key);
  t.is((await givenCertificate(cert, key)).cert, a.cert);
  await writeFile(key, b.key);
  await t.throwsAsync(givenCertificate(cert, key), { message: /is that of another certificate/ });
  await t.throwsAsync(givenCertificate(cert, join(folder, 'none')), {
    message: /there is no .*none/,
  });
});

for (const [wrong, year] of [
  ['stood at its beginning', 1970],
  ['was years ahead', 2036],
] as const) {
  test(`ownCertificate() is valid once a clock is set that ${wrong}, by the same authority`, async (t) => {
    const folder = await temporaryFolder(t);
    const first = await ownCertificate(folder, NAMES, { now: () => Date.UTC(year, 0, 2) });
    const second = await ownCertificate(folder, NAMES);
    t.is(second.fingerprint, first.fingerprint);
    for (const pem of split(second.cert)) {
      const { validFrom, validTo } = new X509Certificate(pem);
      t.true(Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo), validFrom);
    }
  });
}

test('ownCertificate() makes another one before the old one ends', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await ownCertificate(folder, NAMES);
  const later = (days: number) => ({ now: () => Date.now() + days * 86_400_000 });
  t.is((await ownCertificate(folder, NAMES, later(330))).cert, first.cert);
  t.not((await ownCertificate(folder, NAMES, later(340))).cert, first.cert);
});

const days = (count: number) => ({ now: () => Date.now() + count * 86_400_000 });

test('a certificate of the server never ends after its authority, and is not made again each hour then', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await ownCertificate(folder, NAMES);
  const late = await ownCertificate(folder, NAMES, days(3600));
  t.is(late.ends.server, first.ends.authority ?? 0);
  t.is((await ownCertificate(folder, NAMES, days(3640))).cert, late.cert);
});

test('renewAuthority() leaves those who know the old one what they have', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await ownCertificate(folder, NAMES);
  await renewAuthority(folder, { hasNewKey: false, ...days(3600) });
  const second = await ownCertificate(folder, NAMES, days(3600));
  t.not(second.fingerprint, first.fingerprint);
  t.true((second.ends.authority ?? 0) > (first.ends.authority ?? 0) + 3000 * 86_400_000);
  // By the one that clients have pinned, and by the one that they pin from now on.
  const [server = ''] = split(second.cert);
  for (const pinned of [first, second]) {
    const [, authority = ''] = split(pinned.cert);
    t.true(new X509Certificate(server).verify(new X509Certificate(authority).publicKey));
  }
});

test('renewAuthority() with a new key leaves them nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await ownCertificate(folder, NAMES);
  await renewAuthority(folder, { hasNewKey: true });
  const [server = ''] = split((await ownCertificate(folder, NAMES)).cert);
  const [, authority = ''] = split(first.cert);
  t.false(new X509Certificate(server).verify(new X509Certificate(authority).publicKey));
});
