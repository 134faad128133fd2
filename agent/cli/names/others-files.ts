// What nodes keep in /persist: others are asked before their files are removed.
import type { Client } from '../client.ts';
import type { Args, Io } from '../command-line/command.ts';
import { confirm } from '../terminal/confirm.ts';
import { FREE_OWNER } from './node-names.ts';

/**
 * Asks, if some of these devices keep files of other users, which are about to be removed.
 * @returns whether there are such files: the server is to know that they are meant
 * @throws {CommandError} if the person says no, or cannot be asked
 */
export async function confirmOthersFiles(
  names: readonly string[],
  { client, args, io }: { readonly client: Client; readonly args: Args; readonly io: Io },
): Promise<boolean> {
  const parts: string[] = [];
  for (const device of names) {
    const { owners } = await client.call('devices.kept', { device });
    const others = owners.filter((owner) => owner !== io.user && owner !== FREE_OWNER);
    if (others.length > 0) parts.push(`${device} keeps files of ${others.join(', ')} in /persist.`);
  }
  if (parts.length > 0)
    await confirm(`${parts.join(' ')} They are removed.`, { io, flags: args.flags });
  return parts.length > 0;
}

/** Once a device is forgotten and its files are not, where they are, in words; undefined where there are none. */
export function stayingFiles(device: string, owners: readonly string[]): string | undefined {
  if (owners.length === 0) return undefined;
  const whose = owners.map((owner) => (owner === FREE_OWNER ? 'nobody' : owner)).join(', ');
  return `What it keeps in /persist stays (of ${whose}): it has that again if it comes back. To remove it then: walt device forget ${device} --force --kept`;
}
