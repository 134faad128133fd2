// The certificates of the API for other machines: an authority of this server's own, made once, and a certificate by it for the
// names and addresses that the server has. Its files are root's alone.
import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  type X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { messageOf, WaltError } from '../errors.ts';
import { writeWholeFile } from '../host/files/whole-file.ts';
import { type Authority, authorityOf, DAY_MS, fingerprintOf, plausible } from './authority.ts';
import type { CertificateEnds } from './certificate-ends.ts';
import { ALGORITHM, type Keys, makeKeys, newSerial, type Pem, readPem } from './pem-file.ts';

/** What a server of TLS shows, and by what clients know it. */
export type ServerCertificate = {
  /** PEM */
  readonly key: string;
  /** PEM, the server's own first */
  readonly cert: string;
  /** SHA-256 of the certificate that clients pin, as openssl(1) writes it */
  readonly fingerprint: string;
  readonly ends: CertificateEnds;
};

/** Some clients take no longer ones. */
const SERVER_DAYS = 397;
/** It is made anew when it ends so soon. */
const RENEW_DAYS = 60;

/**
 * The certificate of this server, by its own authority, which is made where there is none.
 * @param folder of its own
 * @param names and addresses by which clients reach the server
 * @param options.now milliseconds since 1970
 * @throws {WaltError} if its files are damaged
 */
export async function ownCertificate(
  folder: string,
  names: readonly string[],
  { now = Date.now }: { readonly now?: () => number } = {},
): Promise<ServerCertificate> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = plausible(now());
  const authority = await authorityOf(folder, at);
  const file = join(folder, 'server.pem');
  const known = await readPem(file);
  if (known !== undefined && isGood(known.cert, { names, authority, at })) {
    return served(known, authority);
  }
  const keys = await makeKeys();
  const cert = await serverCertificate(keys, { names, authority, at });
  const made = { key: keys.pem, cert: cert.toString('pem') };
  await writeWholeFile(file, `${made.key}\n${made.cert}\n`);
  return served(made, authority);
}

/**
 * A certificate that an operator has.
 * @throws {WaltError} if a file cannot be read, or they do not belong together
 */
export async function givenCertificate(
  certFile: string,
  keyFile: string,
): Promise<ServerCertificate> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const first = new X509Certificate(cert);
    if (!first.checkPrivateKey(createPrivateKey(key))) {
      throw new WaltError(`the key of ${keyFile} is that of another certificate`);
    }
    const ends = { server: Date.parse(first.validTo) };
    return { cert, key, fingerprint: first.fingerprint256, ends };
  } catch (cause) {
    throw new WaltError(`Cannot use the certificate of api.certificate: ${messageOf(cause)}`, {
      cause,
    });
  }
}

type Wanted = {
  readonly names: readonly string[];
  readonly authority: Authority;
  /** milliseconds since 1970 */
  readonly at: number;
};

function served({ key, cert }: Pem, authority: Authority): ServerCertificate {
  const { certificate } = authority;
  return {
    key,
    cert: `${cert.trim()}\n${certificate.toString('pem')}\n`,
    fingerprint: fingerprintOf(authority),
    ends: {
      authority: certificate.notAfter.getTime(),
      server: Date.parse(new X509Certificate(cert).validTo),
    },
  };
}

async function serverCertificate(
  { pair }: Keys,
  { names, authority, at }: Wanted,
): Promise<Certificate> {
  return await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: 'CN=WalT server',
    issuer: authority.certificate.subject,
    notBefore: new Date(at - DAY_MS),
    // Longer than its authority it counts for nothing.
    notAfter: new Date(Math.min(at + SERVER_DAYS * DAY_MS, endOf(authority))),
    signingAlgorithm: ALGORITHM,
    publicKey: pair.publicKey,
    signingKey: authority.keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  });
}

function isGood(pem: string, { names, authority, at }: Wanted): boolean {
  const cert = new X509Certificate(pem);
  const isOurs = cert.verify(new X509Certificate(authority.certificate.toString('pem')).publicKey);
  const needed = Math.min(at + RENEW_DAYS * DAY_MS, endOf(authority));
  const lasts = Date.parse(cert.validTo) >= needed;
  const hasBegun = Date.parse(cert.validFrom) <= at;
  const has = (name: string) =>
    isIP(name) === 0 ? cert.checkHost(name) !== undefined : cert.checkIP(name) !== undefined;
  return isOurs && lasts && hasBegun && names.every(has);
}

/** A whole second, as certificates have it. */
function endOf({ certificate }: Authority): number {
  return certificate.notAfter.getTime();
}
