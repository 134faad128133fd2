/**
 * An ed25519 key pair as OpenSSH has it on disk (its file PROTOCOL.key) and in lists of public keys (RFC 8709 §4).
 *
 *     "openssh-key-v1\0"  cipher  kdf  options of kdf  1  public blob  private block
 *     private block:      check  check  "ssh-ed25519"  public key  seed + public key  comment  1 2 3 …
 *
 * Each field but the numbers is a string: its length in four bytes, then its bytes.
 */
import { textToBytes, Writer } from '../bytes.ts';

/** Both halves, 32 bytes each (RFC 8032 §5.1.5). */
export type Ed25519Key = { readonly seed: Uint8Array; readonly publicKey: Uint8Array };

type Options = {
  /** ASCII, for people */
  readonly comment: string;
  /** by chance, 0 to 4,294,967,295: it stands twice, so that a wrong passphrase shows */
  readonly check: number;
};

const TYPE = 'ssh-ed25519';
/** The private block is filled up to a multiple of it; that of the cipher `none`. */
const BLOCK_BYTES = 8;
const LINE_LENGTH = 70;

/** The private half, without a passphrase: text of a file such as `ssh_host_ed25519_key`. */
export function openSshPrivateKey(key: Ed25519Key, { comment, check }: Options): string {
  const bytes = new Writer(320).zeroEnded('openssh-key-v1');
  for (const text of ['none', 'none', '']) string(bytes, textToBytes(text));
  string(string(bytes.u32(1), publicBlob(key)), privateBlock(key, { comment, check }));
  const lines = base64(bytes.finish()).match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  const frame = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----`;
  return [frame('BEGIN'), ...lines, frame('END'), ''].join('\n');
}

/** The public half as one line, without its end. */
export function openSshPublicKey(key: Ed25519Key, comment: string): string {
  return `${TYPE} ${base64(publicBlob(key))} ${comment}`;
}

function publicBlob({ publicKey }: Ed25519Key): Uint8Array {
  return string(string(new Writer(), textToBytes(TYPE)), publicKey).finish();
}

function privateBlock(key: Ed25519Key, { comment, check }: Options): Uint8Array {
  const bytes = new Writer(192).u32(check).u32(check);
  string(string(bytes, textToBytes(TYPE)), key.publicKey);
  string(bytes, new Writer().bytes(key.seed).bytes(key.publicKey).finish());
  string(bytes, textToBytes(comment));
  for (let filler = 1; bytes.length % BLOCK_BYTES !== 0; filler += 1) bytes.u8(filler);
  return bytes.finish();
}

function string(writer: Writer, value: Uint8Array): Writer {
  return writer.u32(value.length).bytes(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
