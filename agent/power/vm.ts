// The power driver of virtual nodes: the server starts and ends their machines itself.
import { WaltError } from '../errors.ts';
import type { PowerDriver } from './driver.ts';

/** The virtual machines of this server, by the MAC of their card on walt-net. */
export type Machines = {
  readonly powerOn: (mac: string) => Promise<void>;
  readonly powerOff: (mac: string) => Promise<void>;
  readonly powerCycle: (mac: string) => Promise<void>;
  readonly powerStatus: (mac: string) => Promise<'on' | 'off'>;
};

/** @param machines missing where this server runs none */
export function vm(machines: Machines | undefined): PowerDriver {
  const all = () => {
    if (machines !== undefined) return machines;
    throw new WaltError('this server runs no virtual machines');
  };
  return {
    canSwitch: machines !== undefined,
    on: async ({ mac }) => all().powerOn(mac),
    off: async ({ mac }) => all().powerOff(mac),
    cycle: async ({ mac }) => all().powerCycle(mac),
    status: async ({ mac }) => all().powerStatus(mac),
  };
}
