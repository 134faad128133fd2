// A node asks, by HTTP, what is known of it, before it starts its system: that is shown on its screen, and says what it mounts. It
// asks again when it is to reboot: whether by kexec. Nothing of it is a secret, and it is told of the node that asks alone.
import { isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { FREE_OWNER, ownerOf } from '../../images/content/image.ts';
import { keptShareOf } from '../../keeping/kept-share.ts';
import { settingsOf } from '../../settings/settings-of.ts';
import type { FileOutcome } from '../files/find-file.ts';

/** The path that a node asks for (`buildroot-overlay/bin/walt-introduce`). */
export const FACTS_PATH = '/walt-facts';

/** What is needed to answer. */
export type FactsContext = {
  readonly registry: Pick<Registry, 'byIp'>;
  /** how people of the server log in to a node, a line of a shell */
  readonly loginOf: (node: Node) => string;
  /** whether nothing speaks for a reboot by the firmware now */
  readonly canStayWarm: (node: Node) => Promise<boolean>;
};

/** @param address of the client, dotted IPv4. @returns undefined for an address of no node */
export async function onFactsRequest(
  address: string,
  { registry, loginOf, canStayWarm }: FactsContext,
): Promise<FileOutcome | undefined> {
  const device = registry.byIp(address);
  if (!isNode(device)) return undefined;
  const kexec = yesOrNo(settingsOf(device)['kexec.allow'] && (await canStayWarm(device)));
  const facts = { ...factsOf(device), kexec, login: loginOf(device) };
  const lines = Object.entries(facts).map(([key, value]) => `${key}=${oneLine(value)}\n`);
  return { found: { kind: 'bytes', bytes: Buffer.from(lines.join('')) }, device, events: [] };
}

function factsOf(node: Node): Readonly<Record<string, string>> {
  const { name, ip, model, image } = node;
  const owner = ownerOf(image);
  const whose = owner === FREE_OWNER ? 'nobody' : owner;
  const kept = keptShareOf(node) === undefined ? 'no' : 'yes';
  const settings = settingsOf(node);
  const swap = String(settings.swap);
  const journal = yesOrNo(settings.journal);
  const netconsole = yesOrNo(settings.netconsole);
  return { name, address: ip, model, image, owner: whose, kept, swap, journal, netconsole };
}

function yesOrNo(isSo: boolean): string {
  return isSo ? 'yes' : 'no';
}

function oneLine(value: string): string {
  return value.replaceAll(/[^ -~]/g, '?');
}
