// Who signed an EFI program: the issuer's name in each signature of its certificate table.
//
//     u32 length (with these 8 bytes)  u16 revision  u16 type (2: PKCS #7)  then the signature; the next at a multiple of 8
//
// UEFI 2.10 §32.2.4; the signature is a SignedData of RFC 2315 §9, in DER (X.690 §8.1).
import { bytesToText } from '../bytes.ts';

const PKCS7 = 2;
const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT = 0x06;
/** 2.5.4.3, the common name (RFC 5280, appendix A.1). */
const COMMON_NAME = [0x55, 0x04, 0x03];

type Item = { readonly tag: number; readonly content: Uint8Array };

/**
 * For each signer the common name of who issued its certificate, such as `Debian Secure Boot CA`. A signature that cannot be read
 * gives no name.
 * @param table bytes of the certificate table, from its first entry on
 */
export function readSigners(table: Uint8Array): string[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const names: string[] = [];
  for (let at = 0; at + 8 <= table.length; ) {
    const length = view.getUint32(at, true);
    if (length < 8 || at + length > table.length) break;
    if (view.getUint16(at + 6, true) === PKCS7) {
      names.push(...issuersOf(table.subarray(at + 8, at + length)));
    }
    at += (length + 7) & ~7;
  }
  return names;
}

/** ContentInfo → [0] → SignedData; its last part is the set of signers: version, issuer and serial number, … */
function issuersOf(signature: Uint8Array): string[] {
  const signedData = within(within(signature, 0), 1);
  const parts = items(within(signedData, 0));
  const signers = parts.findLast(({ tag }) => tag === SET);
  if (signers === undefined) return [];
  return items(signers.content).flatMap((signer) => {
    const issuer = within(within(signer.content, 1), 0);
    const name = commonName(issuer);
    return name === undefined ? [] : [name];
  });
}

function commonName(name: Uint8Array): string | undefined {
  for (const set of items(name)) {
    for (const { tag, content } of items(set.content)) {
      if (tag !== SEQUENCE) continue;
      const [type, value] = items(content);
      if (type?.tag !== OBJECT || value === undefined) continue;
      if (COMMON_NAME.every((byte, at) => type.content[at] === byte))
        return bytesToText(value.content);
    }
  }
  return undefined;
}

/** Content of the `index`th item; nothing where there is none. */
function within(bytes: Uint8Array, index: number): Uint8Array {
  return items(bytes)[index]?.content ?? new Uint8Array();
}

/** Tag, length, content; lengths from 128 on are behind a byte that counts their own bytes. An item that is cut off ends the list. */
function items(bytes: Uint8Array): Item[] {
  const found: Item[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    at += 2;
    if (length >= 0x80) {
      const size = length & 0x7f;
      if (size === 0 || size > 4) break;
      length = bytes.subarray(at, at + size).reduce((number, byte) => number * 256 + byte, 0);
      at += size;
    }
    if (at + length > bytes.length) break;
    found.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}
