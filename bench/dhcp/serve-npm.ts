/** npm's `dhcp` as a server, for the bench. It keeps its leases in memory. */
import { createRequire } from 'node:module';

type NpmServer = { listen(): void; on(event: string, listener: (error: Error) => void): void };
type NpmDhcp = { createServer(options: Record<string, unknown>): NpmServer };

const dhcp: NpmDhcp = createRequire(import.meta.url)('dhcp');
const server = dhcp.createServer({
  range: ['10.99.2.1', '10.99.62.254'],
  netmask: '255.255.192.0',
  router: ['10.99.0.1'],
  dns: ['10.99.0.1'],
  server: '10.99.0.1',
  // Without a socket bound to the interface, only this one finds its way out.
  broadcast: '10.99.63.255',
  leaseTime: 86_400,
});
server.on('error', (error) => console.error(`npm dhcp: ${error.message}`));
server.listen();
