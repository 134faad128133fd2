import { createHash } from 'node:crypto';

/** `sha256:…` (OCI image specification 1.1, descriptors, "Digests"). */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
