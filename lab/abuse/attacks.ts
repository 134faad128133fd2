// All attacks of the storm.
import type { Attack } from './attack.ts';
import { arpAnswers } from './dhcp/arp-answers.ts';
import { grantedMachines } from './dhcp/granted-machines.ts';
import { inOthersNames } from './dhcp/in-others-names.ts';
import { madeUpMachines } from './dhcp/made-up-machines.ts';
import { oddPackets } from './dhcp/odd-packets.ts';
import { hostilePaths } from './http/hostile-paths.ts';
import { slowReaders } from './http/slow-readers.ts';
import { slowRequests } from './http/slow-requests.ts';
import { unreadAnswers } from './http/unread-answers.ts';
import { apiGarbage } from './tcp/api-garbage.ts';
import { heldConnections } from './tcp/held-connections.ts';
import { longLines } from './tcp/long-lines.ts';
import { rpcGarbage } from './tcp/rpc-garbage.ts';
import { forgedRequests } from './tftp/forged-requests.ts';
import { oddTransfers } from './tftp/odd-packets.ts';

/** One of each kind; the storm runs all of them at once. */
export const ATTACKS: readonly Attack[] = [
  ...[unreadAnswers, slowReaders, slowRequests, hostilePaths],
  ...[heldConnections, longLines, rpcGarbage, apiGarbage],
  ...[forgedRequests, oddTransfers],
  ...[madeUpMachines, grantedMachines, inOthersNames, oddPackets, arpAnswers],
];
