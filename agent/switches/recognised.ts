// Devices that a switch names as switches by LLDP. What a device says of itself is not proof: it is shown as a switch, and neither asked
// nor given any power over others until a person allows it (`lldp.explore`, `poe.reboots`).
import { type Device, isNode } from '../devices/device.ts';
import type { SwitchFacts } from './facts.ts';

/** @returns those that the neighbours of a switch are, and nobody has said yet what they are */
export function recognised(
  { neighbours }: Pick<SwitchFacts, 'neighbours'>,
  device: (mac: string) => Device | undefined,
): Device[] {
  return [...neighbours.values()].flatMap(({ mac, isBridge }) => {
    const found = isBridge && mac !== undefined ? device(mac) : undefined;
    if (found === undefined || isNode(found) || found.machine !== undefined) return [];
    // One with a model has shown that it boots by network.
    const isOpen = found.model === undefined && found.settings?.type === undefined;
    return isOpen ? [found] : [];
  });
}

/** The device as a switch. @param isTaken whether a device has a name already */
export function asSwitch(device: Device, isTaken: (name: string) => boolean): Device {
  const name = device.name.replace(/^unknown-/, 'switch-');
  const settings = { ...device.settings, type: 'switch', 'lldp.explore': 'false' };
  return { ...device, name: isTaken(name) ? device.name : name, settings };
}
