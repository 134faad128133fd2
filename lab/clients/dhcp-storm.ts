// New DHCP clients without end, as a program to run in a namespace: prints `ack MAC IP` for each address granted.
// Arguments: number of the first client, number of clients at once, seconds until it ends by itself.
import { DhcpClients } from './dhcp-clients.ts';
import { rawUserClass } from './dhcp-packets.ts';

const [first = 1, atOnce = 1, seconds = 10] = process.argv.slice(2).map(Number);
const options = rawUserClass('walt.node.pc-x86-64');
// The server may be away: none gives up before the end.
const clients = await DhcpClients.open({ first, options, mostTries: seconds });
setTimeout(() => process.exit(0), seconds * 1000);
await Promise.all(Array.from({ length: atOnce }, leaseWithoutEnd));

async function leaseWithoutEnd(): Promise<never> {
  for (;;) {
    const { mac, ip } = await clients.leaseToNew();
    console.log(`ack ${mac} ${ip}`);
  }
}
