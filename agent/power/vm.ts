// The power driver of virtual nodes: the server starts and ends their machines itself.
import type { PowerDriver } from './driver.ts';

/** The virtual machines of this server, by the MAC of their card on walt-net. */
export type Machines = {
  readonly powerOn: (mac: string) => Promise<void>;
  readonly powerOff: (mac: string) => Promise<void>;
  readonly powerCycle: (mac: string) => Promise<void>;
  readonly powerStatus: (mac: string) => Promise<'on' | 'off'>;
};

/** Always can: a machine that cannot be powered on says why itself. */
export function vm(machines: Machines): PowerDriver {
  return {
    canSwitch: true,
    on: async ({ mac }) => machines.powerOn(mac),
    off: async ({ mac }) => machines.powerOff(mac),
    cycle: async ({ mac }) => machines.powerCycle(mac),
    status: async ({ mac }) => machines.powerStatus(mac),
  };
}
