// Names of devices: the one by the MAC, and what a person may choose.

/** A `node` has announced the model of a board that can boot an image; of an `unknown` device only the MAC is known. */
export type DeviceType = 'node' | 'unknown';

/** RFC 952 and RFC 1123 §2.1; WalT asks for a letter first, and for two characters. */
const VALID = /^[a-zA-Z][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$/;
/** What the original WalT has words for; and names by which programs find things without being told (RFC 6761 §6.3, WPAD, ISATAP). */
const RESERVED = new Set([
  'walt-server',
  'server',
  'my-nodes',
  'free-nodes',
  'all-nodes',
  'all-switches',
  'all-devices',
  'explorable-switches',
  'localhost',
  'wpad',
  'isatap',
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

const TRIAL = '0-trial-';

/** Name of a machine that the server boots for itself. No person can call a device so: it begins with no letter. */
export function trialName(mac: string): string {
  return `${TRIAL}${mac.replaceAll(':', '')}`;
}

/** Whether `trialName` may have made it. */
export function isTrialName(name: string): boolean {
  return name.startsWith(TRIAL);
}

/** Two names are of one device if their keys are the same: case does not count (RFC 4343). */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** What is wrong with a name that somebody chose, or undefined where nothing is. */
export function complaintAboutName(name: string): string | undefined {
  if (RESERVED.has(nameKey(name))) return `'${name}' is a reserved word`;
  if (VALID.test(name)) return undefined;
  return `'${name}' is not valid: a name has 2 to 63 letters, digits and dashes, starts with a letter and does not end with a dash`;
}
