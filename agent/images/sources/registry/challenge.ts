// What a registry asks for before it answers: `WWW-Authenticate: Bearer realm="…",service="…",scope="…"`, or Basic
// (RFC 9110 §11.6.1; distribution.github.io, "Token Authentication Specification").

/** One way to log in. */
export type Challenge = {
  /** in lower case: `basic`, `bearer` */
  readonly scheme: string;
  /** by their names in lower case */
  readonly params: Readonly<Record<string, string>>;
};

/** A parameter, or the scheme that begins the next challenge; what is between is commas and spaces. */
const PIECE = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** @param header of one or several challenges, with commas between */
export function parseChallenges(header: string): Challenge[] {
  const found: { scheme: string; params: Record<string, string> }[] = [];
  for (const [, name = '', quoted, plain] of header.matchAll(PIECE)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    const current = found.at(-1);
    if (value === undefined) found.push({ scheme: name.toLowerCase(), params: {} });
    else if (current !== undefined) current.params[name.toLowerCase()] ??= value;
  }
  return found;
}
