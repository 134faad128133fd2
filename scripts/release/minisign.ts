// Signatures that `minisign -V` verifies, made by Node.js alone: Ed25519 over BLAKE2b-512 of the file (algorithm `ED`).
//
//     public key: "Ed" | key number (8) | key (32)                       signature: "ED" | key number (8) | signature (64)
//
// Both in base64 behind a line of comment. The trusted comment has a signature of its own, over the one of the file and itself.
// https://jedisct1.github.io/minisign/, "Signature format"
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

const KEY_BYTES = 32;
const NUMBER_BYTES = 8;

/** @param pem an Ed25519 key as `openssl genpkey -algorithm ed25519` writes it. @throws {TypeError} for any other key */
export function readSigningKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new TypeError(`Cannot sign with a key of type ${key.asymmetricKeyType}, expected ed25519`);
}

/** The file that people verify with (`minisign -V -p FILE`). */
export function publicKeyFile(key: KeyObject): string {
  const raw = rawPublicKey(key);
  const number = keyNumber(raw);
  const text = Buffer.concat([Buffer.from('Ed'), number, raw]).toString('base64');
  return `untrusted comment: minisign public key ${hexOf(number)}\n${text}\n`;
}

/** The content of `FILE.minisig`. @param comment one line, which is signed too */
export function minisignature(bytes: Uint8Array, key: KeyObject, comment: string): string {
  const number = keyNumber(rawPublicKey(key));
  const signature = sign(null, createHash('blake2b512').update(bytes).digest(), key);
  const ofBoth = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
  const text = Buffer.concat([Buffer.from('ED'), number, signature]).toString('base64');
  return [
    `untrusted comment: signature by minisign key ${hexOf(number)}`,
    text,
    `trusted comment: ${comment}`,
    `${ofBoth.toString('base64')}\n`,
  ].join('\n');
}

/** The last bytes of the key in its usual wrapping (RFC 8410) are the key itself. */
function rawPublicKey(key: KeyObject): Buffer {
  const wrapped = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return wrapped.subarray(wrapped.length - KEY_BYTES);
}

/** minisign takes a random number; one made of the key needs no place to be kept. */
function keyNumber(raw: Buffer): Buffer {
  return createHash('blake2b512').update(raw).digest().subarray(0, NUMBER_BYTES);
}

/** As minisign shows it: its number is little-endian. */
function hexOf(number: Buffer): string {
  return Buffer.from(number).reverse().toString('hex').toUpperCase();
}
