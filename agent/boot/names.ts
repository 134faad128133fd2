// Names of devices: the one a new device gets, and what a person may choose.

/** A `node` has announced the model of a board that can boot an image; of an `unknown` device only the MAC is known. */
export type DeviceType = 'node' | 'unknown';

const VALID = /^[a-zA-Z][a-zA-Z0-9-]{1,62}$/;
const RESERVED = new Set([
  'walt-server',
  'server',
  'my-nodes',
  'free-nodes',
  'all-nodes',
  'all-switches',
  'all-devices',
  'explorable-switches',
]);

/**
 * The name of a device nobody has named yet: its type and the right half of its MAC, as `node-f26782`.
 * @param isTaken tells of names in use; a number is appended until one is free
 */
export function defaultName(
  type: DeviceType,
  mac: string,
  isTaken: (name: string) => boolean,
): string {
  const base = `${type}-${mac.replaceAll(':', '').slice(-6)}`;
  let name = base;
  for (let count = 2; isTaken(name); count += 1) name = `${base}-${count}`;
  return name;
}

/** What is wrong with a name that somebody chose, or undefined where nothing is. */
export function complaintAboutName(name: string): string | undefined {
  if (RESERVED.has(name.toLowerCase())) return `'${name}' is a reserved word`;
  if (VALID.test(name)) return undefined;
  return `'${name}' is not valid: a name has 2 to 63 letters, digits and dashes, and starts with a letter`;
}
