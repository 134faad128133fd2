// A key and a certificate in one file of root's, and the keys that this server makes.
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WaltError } from '../errors.ts';

/** Of all keys here: P-256, which every client of TLS 1.2 has. */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Both as PEM. */
export type Pem = { readonly key: string; readonly cert: string };

/** A new pair of keys, and the private one as PEM. */
export type Keys = { readonly pair: webcrypto.CryptoKeyPair; readonly pem: string };

/** Makes them. */
export async function makeKeys(): Promise<Keys> {
  const pair = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey));
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  return { pair, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString().trim() };
}

/** A serial number that no other certificate of the same issuer has. */
export function newSerial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

/** @returns undefined where there is no such file. @throws {WaltError} if it is damaged */
export async function readPem(file: string): Promise<Pem | undefined> {
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
