// A node asks who it is, by HTTP, before it starts its system: it is told once a boot, and only by a port that needs root.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { Identities } from '../../identities/identities.ts';
import { identityText } from '../../identities/identity.ts';
import type { FileOutcome } from '../files/find-file.ts';
import type { Refusals } from './refusals.ts';

/** The path that a node asks for (`buildroot-overlay/bin/walt-take-identity`). */
export const IDENTITY_PATH = '/walt-identity';

/** What is needed to answer. */
export type IdentityContext = {
  readonly registry: Pick<Registry, 'byIp'>;
  readonly boots: Pick<BootBook, 'bootOf'>;
  readonly identities: Pick<Identities, 'give'>;
  readonly refusals: Refusals;
};

/** Ports below are root's, on the systems that nodes run (RFC 6335 §6: system ports). */
const FIRST_ORDINARY_PORT = 1024;
/** A node that asks has loaded its kernel, and has not said yet that it is up. */
const ASKING_STATES: readonly string[] = ['files', 'mounted'];

/** @param client its dotted IPv4 address, and the port that its question comes from */
export async function onIdentityRequest(
  client: { readonly address: string; readonly port: number },
  context: IdentityContext,
): Promise<FileOutcome> {
  const device = context.registry.byIp(client.address);
  if (device?.type !== 'node') return refused(client, 'no node has this address', context);
  if (client.port >= FIRST_ORDINARY_PORT) {
    return refused(client, `port ${client.port} is one that everybody on a node may use`, context);
  }
  const boot = context.boots.bootOf(device.mac);
  if (boot === undefined || !ASKING_STATES.includes(boot.state)) {
    return refused(client, `${device.name} is not booting`, context);
  }
  try {
    const identity = await context.identities.give(device.mac, boot.id);
    if (identity === undefined) {
      return refused(client, `this boot of ${device.name} has been given it already`, context);
    }
    const bytes = Buffer.from(identityText(identity));
    return { found: { kind: 'bytes', bytes }, device, events: [] };
  } catch (reason) {
    const message = `Cannot tell ${device.name} who it is: ${messageOf(reason)}`;
    const found = { kind: 'not-found', reason: message } as const;
    const isSaid = context.refusals.take(client.address) !== undefined;
    return { found, events: isSaid ? [{ kind: 'problem', source: 'identities', message }] : [] };
  }
}

/** Without the device: that it asked is no stage of its boot. */
function refused(
  { address: from }: { readonly address: string },
  reason: string,
  { refusals }: IdentityContext,
): FileOutcome {
  const found = { kind: 'refused', reason } as const;
  const due = refusals.take(from);
  if (due === undefined) return { found, events: [] };
  const more = due.hidden === 0 ? '' : ` (${due.hidden} more were refused since the last line)`;
  const path = IDENTITY_PATH.slice(1);
  return { found, events: [{ kind: 'refused-file', from, path, reason: `${reason}${more}` }] };
}
