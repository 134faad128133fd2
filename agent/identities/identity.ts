// Who a node is, whatever it boots: its ssh host key and its machine-id. Both are made once.
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { openSshPrivateKey, openSshPublicKey } from '../protocol/ssh/openssh-key.ts';

/** What makes a node the same machine at each boot. */
export type Identity = {
  /** private half of the ed25519 host key, in OpenSSH's format */
  readonly hostKey: string;
  /** public half, one line without its end */
  readonly publicKey: string;
  /** as machine-id(5) has it: 32 hexadecimal digits */
  readonly machineId: string;
};

/** A new one, by chance. @param comment goes into the key, for people */
export function newIdentity(comment: string): Identity {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const key = { seed: Buffer.from(d, 'base64url'), publicKey: Buffer.from(x, 'base64url') };
  return {
    hostKey: openSshPrivateKey(key, { comment, check: randomInt(2 ** 32) }),
    publicKey: openSshPublicKey(key, comment),
    machineId: newMachineId(),
  };
}

/** systemd wants a UUID of version 4, variant 1 (machine-id(5), RFC 9562 §5.4). */
function newMachineId(): string {
  const hex = randomBytes(16).toString('hex');
  const variant = '89ab'[randomInt(4)];
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17)}`;
}

/**
 * What a node is sent: the machine-id, the public key, then the private one to the end.
 * `buildroot-overlay/bin/walt-take-identity` reads it.
 */
export function identityText({ hostKey, publicKey, machineId }: Identity): string {
  return `${machineId}\n${publicKey}\n${hostKey}`;
}
