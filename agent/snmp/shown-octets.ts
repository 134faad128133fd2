// Octets of an SNMP answer as people and programs may see them: a machine on the network chose them.

const LONGEST = 64;

/** Text without control characters, at most 64 characters; what is no UTF-8 is left out. */
export function shownOctets(octets: Uint8Array): string {
  const text = new TextDecoder().decode(octets);
  return text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .trim()
    .slice(0, LONGEST);
}
