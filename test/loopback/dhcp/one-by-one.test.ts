// Real clients of DHCP once more, where each datagram has a call of its own.
import { takeDatagramsOneByOne } from '../../support/servers/datagram-way.ts';

takeDatagramsOneByOne();
await import('./dhcp-clients.test.ts');
