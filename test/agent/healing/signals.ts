// What boards show of their boots, for tests of the healer.
import type { BootSignal } from '../../../agent/boot/progress.ts';

/** Asks for an address. */
export const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
/** Takes one. */
export const request: BootSignal = { ...discover, message: 'request' };
/** Gets a file by TFTP. */
export const file = (path: string, outcome = 'complete'): BootSignal => ({
  ...{ kind: 'file', path, via: 'tftp', bytes: 1, ms: 0, retries: 0, outcome },
});
export const mounted: BootSignal = { kind: 'mounted' };
export const booted: BootSignal = { kind: 'booted' };
/** It is not heard any more. */
export const gone: BootSignal = {
  kind: 'down',
  cause: 'the connection was lost',
  method: 'server-detected',
};
/** All files, and no mount yet. */
export const loaded = [discover, request, file('start.ipxe'), file('initrd')];
