// Real clients of TFTP once more, where each datagram has a call of its own.
import { takeDatagramsOneByOne } from '../../support/servers/datagram-way.ts';

takeDatagramsOneByOne();
await import('./tftp-clients.test.ts');
