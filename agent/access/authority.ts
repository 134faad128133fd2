// The authority of a server: made at its first start, pinned by clients, and renewed by a person before it ends.
import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { writeWholeFile } from '../host/files/whole-file.ts';
import { ALGORITHM, makeKeys, newSerial, readPem } from './pem-file.ts';

/** What signs certificates of the server. */
export type Authority = {
  readonly certificate: Certificate;
  /** its private key */
  readonly keys: webcrypto.CryptoKey;
};

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** When this was written: a machine whose clock says less has none that goes on without power, and is set right later. */
const WRITTEN_MS = Date.UTC(2026, 10, 1);

/** The time, as far as it can be: milliseconds since 1970. */
export function plausible(now: number): number {
  return Math.max(now, WRITTEN_MS);
}

/**
 * The authority of this folder, which is made where there is none.
 * @param at milliseconds since 1970
 * @throws {WaltError} if its file is damaged
 */
export async function authorityOf(folder: string, at: number): Promise<Authority> {
  const known = await readPem(fileOf(folder));
  if (known === undefined) return await makeAuthority(folder, at);
  const keys = await importKey(known.key, ['sign']);
  return { certificate: new Certificate(known.cert), keys };
}

/**
 * Makes another certificate of the authority. With the same key clients that know the old one go on with that until it ends, since it
 * verifies the same signatures; with a new key none of them goes on.
 * @param options.hasNewKey what the old key signed counts for nothing any more
 * @throws {WaltError} if its file is damaged
 */
export async function renewAuthority(
  folder: string,
  { hasNewKey, now = Date.now }: { readonly hasNewKey: boolean; readonly now?: () => number },
): Promise<Authority> {
  const known = hasNewKey ? undefined : await readPem(fileOf(folder));
  return await makeAuthority(folder, plausible(now()), known?.key);
}

/** SHA-256 of its certificate, as openssl(1) writes it. */
export function fingerprintOf({ certificate }: Authority): string {
  const der = Buffer.from(certificate.rawData);
  const hex = createHash('sha256').update(der).digest('hex').toUpperCase();
  return hex.replaceAll(/..(?!$)/g, '$&:');
}

function fileOf(folder: string): string {
  return join(folder, 'authority.pem');
}

/** @param key PEM; a new one where it is missing */
async function makeAuthority(folder: string, at: number, key?: string): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { pair, pem } = key === undefined ? await makeKeys() : await pairOf(key);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: 'CN=WalT server authority',
    // It is kept when a clock that was too late is set back.
    notBefore: new Date(WRITTEN_MS - DAY_MS),
    notAfter: new Date(at + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: pair,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
  await writeWholeFile(fileOf(folder), `${pem}\n${certificate.toString('pem')}\n`);
  return { certificate, keys: pair.privateKey };
}

async function pairOf(key: string) {
  const spki = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });
  const publicKey = await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']);
  return { pair: { privateKey: await importKey(key, ['sign']), publicKey }, pem: key.trim() };
}

async function importKey(key: string, uses: ['sign']): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  return await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, uses);
}
