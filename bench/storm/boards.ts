// So many boards that are switched on in one moment, as a program on a host of their own: `node boards.ts SERVER COUNT`. Prints a line of
// JSON when all have told the server that they are up, and stays, so that they stay connected.
import { DhcpClients } from '../../lab/clients/dhcp-clients.ts';
import { rawUserClass } from '../../lab/clients/dhcp-packets.ts';
import { type Boot, boot } from './board.ts';

const [server = '', count = '1'] = process.argv.slice(2);
/** A board asks for an address until somebody cuts its power. */
const MOST_TRIES = 600;

const options = rawUserClass('walt.node.pc-x86-64');
const clients = await DhcpClients.open({ options, mostTries: MOST_TRIES });
const boots = await Promise.all(
  Array.from({ length: Number(count) }, (): Promise<Boot> => boot(clients, server)),
);
console.log(JSON.stringify(boots));
