// The certificates of the API for other machines: an authority of this server's own, made once, and a certificate by it for the
// names and addresses that the server has. Its files are root's alone.
import 'reflect-metadata';
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { messageOf, WaltError } from '../errors.ts';
import { writeWholeFile } from '../nfs/write-file.ts';

/** What a server of TLS shows, and by what clients know it. */
export type ServerCertificate = {
  /** PEM */
  readonly key: string;
  /** PEM, the server's own first */
  readonly cert: string;
  /** SHA-256 of the certificate that clients pin, as openssl(1) writes it */
  readonly fingerprint: string;
};

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Some clients take no longer ones. */
const SERVER_DAYS = 397;
/** It is made anew when it ends so soon. */
const RENEW_DAYS = 60;
/** When this was written: a machine whose clock says less has none that goes on without power, and is set right later. */
const WRITTEN_MS = Date.UTC(2026, 10, 1);

type Keys = Awaited<ReturnType<typeof makeKeys>>;

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
  const at = Math.max(now(), WRITTEN_MS);
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
    return { cert, key, fingerprint: first.fingerprint256 };
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
type Authority = { readonly certificate: Certificate; readonly keys: webcrypto.CryptoKey };
type Pem = { readonly key: string; readonly cert: string };

function served({ key, cert }: Pem, { certificate }: Authority): ServerCertificate {
  const der = Buffer.from(certificate.rawData);
  const hex = createHash('sha256').update(der).digest('hex').toUpperCase();
  const fingerprint = hex.replaceAll(/..(?!$)/g, '$&:');
  return { key, cert: `${cert.trim()}\n${certificate.toString('pem')}\n`, fingerprint };
}

async function authorityOf(folder: string, at: number): Promise<Authority> {
  const file = join(folder, 'authority.pem');
  const known = await readPem(file);
  if (known !== undefined) {
    const der = createPrivateKey(known.key).export({ type: 'pkcs8', format: 'der' });
    const keys = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
    return { certificate: new Certificate(known.cert), keys };
  }
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // A serial that no other authority of the same name has: clients tell authorities apart by it.
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    name: 'CN=WalT server authority',
    // It is kept when a clock that was too late is set back.
    notBefore: new Date(WRITTEN_MS - DAY_MS),
    notAfter: new Date(at + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: keys.pair,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.pair.publicKey),
    ],
  });
  await writeWholeFile(file, `${keys.pem}\n${certificate.toString('pem')}\n`);
  return { certificate, keys: keys.pair.privateKey };
}

async function serverCertificate(
  { pair }: Keys,
  { names, authority, at }: Wanted,
): Promise<Certificate> {
  return await X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    subject: 'CN=WalT server',
    issuer: authority.certificate.subject,
    notBefore: new Date(at - DAY_MS),
    notAfter: new Date(at + SERVER_DAYS * DAY_MS),
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

async function makeKeys() {
  const pair = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey));
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  return { pair, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString().trim() };
}

function isGood(pem: string, { names, authority, at }: Wanted): boolean {
  const cert = new X509Certificate(pem);
  const isOurs = cert.verify(new X509Certificate(authority.certificate.toString('pem')).publicKey);
  const lasts = Date.parse(cert.validTo) - at > RENEW_DAYS * DAY_MS;
  const hasBegun = Date.parse(cert.validFrom) <= at;
  const has = (name: string) =>
    isIP(name) === 0 ? cert.checkHost(name) !== undefined : cert.checkIP(name) !== undefined;
  return isOurs && lasts && hasBegun && names.every(has);
}

async function readPem(file: string): Promise<Pem | undefined> {
  const text = await readFile(file, 'utf8').catch((reason: NodeJS.ErrnoException) => {
    if (reason.code === 'ENOENT') return undefined;
    throw reason;
  });
  if (text === undefined) return undefined;
  try {
    const [, key = '', cert = ''] =
      /^(-+BEGIN PRIVATE KEY-+.*?-+END PRIVATE KEY-+)\s+(-+BEGIN CERTIFICATE-+.*)$/s.exec(text) ??
      [];
    createPrivateKey(key);
    return { key, cert: new X509Certificate(cert).toString() };
  } catch (cause) {
    throw new WaltError(`${file} is damaged: delete it, and start again`, { cause });
  }
}
