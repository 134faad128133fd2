// Which events are about a machine that the server boots for itself: few reactions are told of them, and no person.
import { isTrialName } from '../boot/names.ts';
import type { Device } from '../devices/device.ts';
import type { ServerEvent } from './event.ts';

/** How machines of the server's own are known. */
type Known = {
  /** by MAC: also one that is gone, of which something comes late */
  isTrial(mac: string): boolean;
  byIp(ip: string): Device | undefined;
};

/** Whether an event is about such a machine: it names its MAC, its address or its name, or has what is known of it. */
export function isOfTrial(event: ServerEvent, known: Known): boolean {
  return Object.values(event).some((value: unknown) => {
    if (typeof value === 'string') {
      return known.isTrial(value) || isTrialName(value) || known.byIp(value)?.isTrial === true;
    }
    return isDevice(value) && value.isTrial === true;
  });
}

function isDevice(value: unknown): value is Device {
  return typeof value === 'object' && value !== null && 'mac' in value;
}
