/**
 * The DHCP servers that are compared: ours first, npm's, which is the baseline, last. All of them want port 67, so they
 * run one at a time, each on an empty folder.
 */
import { join } from 'node:path';
import { dnsmasqCommand } from './dnsmasq.ts';
import { keaCommand } from './kea.ts';
import { oursCommand } from './ours.ts';
import type { Places } from './places.ts';

export type DhcpContestant = {
  readonly name: string;
  /** Seconds from its first answer until it is measured. */
  readonly settleSeconds: number;
  /** The same where ten thousand clients come. */
  readonly settleForMany?: number;
  /** Writes its configuration. */
  command(places: Places): Promise<string[]>;
};

const npm = [process.execPath, join(import.meta.dirname, 'serve-npm.ts')];

export const servers: readonly DhcpContestant[] = [
  // It asks the network for free addresses first, 400 a second until it has 1,024, then 200, and practises (agent/start/dhcp/practice.ts).
  { name: 'ours', settleSeconds: 16, settleForMany: 60, command: oursCommand },
  { name: 'kea-dhcp4', settleSeconds: 1, command: keaCommand },
  { name: 'dnsmasq', settleSeconds: 1, command: dnsmasqCommand },
  { name: 'npm dhcp', settleSeconds: 1, command: async () => npm },
];
