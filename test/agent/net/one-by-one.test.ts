// The tests of the servers of UDP once more, where each datagram has a call of its own.
import { takeDatagramsOneByOne } from '../../support/servers/datagram-way.ts';

takeDatagramsOneByOne();
await import('./dhcp/server.test.ts');
await import('./tftp/server.test.ts');
await import('./tftp/windows.test.ts');
await import('./tftp/complaints.test.ts');
await import('./tftp/failures.test.ts');
await import('./tftp/lockstep.test.ts');
