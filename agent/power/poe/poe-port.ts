// Finds the port that gives a node its power, and refuses every port of which that is not sure: nothing is switched on a guess.
import type { Device } from '../../devices/device.ts';
import { WaltError } from '../../errors.ts';
import { settingsOf } from '../../settings/settings-of.ts';
import type { Place, SwitchFacts } from '../../switches/facts.ts';
import type { Topology } from '../../switches/topology.ts';
import type { PowerTarget } from '../driver.ts';

/** A port that may be switched. */
export type PoePort = {
  readonly switch: Device;
  readonly port: number;
  /** index of POWER-ETHERNET-MIB */
  readonly index: string;
  /** of the node, or empty */
  readonly model: string;
  /** for messages, as `port ge7 of sw-1` */
  readonly text: string;
};

/** What knows where nodes are. */
export type PoeParts = {
  readonly topology: Pick<
    Topology,
    'placeOf' | 'isDisputed' | 'behind' | 'isLink' | 'refresh' | 'rescanAnew'
  >;
  readonly device: (mac: string) => Device | undefined;
};

/** Asks the switch what is behind the port at this moment. @throws {WaltError} with the reason why it may not be switched */
export async function findPoePort(
  { name, mac }: Pick<PowerTarget, 'name' | 'mac'>,
  parts: PoeParts,
): Promise<PoePort> {
  const { topology } = parts;
  if (topology.placeOf(mac) === undefined) await topology.rescanAnew();
  const known = switchOf(mac, parts);
  const facts = await topology.refresh(known.switch);
  if (topology.isDisputed(mac)) {
    throw new WaltError(`${name} is seen behind more than one port; walt device rescan asks again`);
  }
  const place = switchOf(mac, parts);
  // It has moved, as was seen just now.
  const now = place.switch.mac === known.switch.mac ? facts : await topology.refresh(place.switch);
  return refuseUnsure({ name, mac }, { ...parts, facts: now, ...place });
}

function switchOf(
  mac: string,
  { topology, device }: PoeParts,
): { readonly switch: Device; readonly place: Place } {
  const place = topology.placeOf(mac);
  if (place === undefined) {
    throw new WaltError(
      'it is not known behind which port of which switch it is; walt device tree shows what is known, walt device rescan asks the switches',
    );
  }
  const found = device(place.switch);
  if (found === undefined)
    throw new WaltError('the switch that it was behind is not known any more');
  return { switch: found, place };
}

type Found = PoeParts & {
  readonly switch: Device;
  readonly place: Place;
  readonly facts: SwitchFacts;
};

function refuseUnsure(
  { name, mac }: { readonly name: string; readonly mac: string },
  found: Found,
) {
  const { switch: device, place, facts, topology } = found;
  const { port } = place;
  const known = facts.ports.find((one) => one.port === port);
  const text = `port ${known?.name ?? port} of ${device.name}`;
  const refuse = (why: string): never => {
    throw new WaltError(`${text} is not switched: ${why}`);
  };
  if (!settingsOf(device)['poe.reboots']) {
    refuse(`its setting poe.reboots is false (walt device config ${device.name} poe.reboots=true)`);
  }
  if (known === undefined) refuse('the switch has no such port any more');
  if (topology.isLink(place)) refuse('it leads to the server or to another switch');
  const neighbour = facts.neighbours.get(port);
  if (neighbour?.mac !== undefined && neighbour.mac !== mac) {
    refuse(`${neighbour.name || neighbour.mac} says by LLDP that it is plugged in there`);
  }
  const others = topology.behind(place).filter((other) => other !== mac);
  if (others.length > 0) {
    const names = others.slice(0, 3).map((other) => found.device(other)?.name ?? other);
    const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
    const isSeen = others.some((other) => facts.stations.get(port)?.includes(other));
    const gone = ', as was seen last; walt device forget tells the server what is there no more';
    refuse(
      `behind it is not ${name} alone, but also ${names.join(', ')}${more}${isSeen ? '' : gone}`,
    );
  }
  const index = known?.poe;
  if (index === undefined) return refuse('it has no PoE, as far as the switch says');
  const model = found.device(mac)?.model ?? '';
  return { switch: device, port, index, model, text } satisfies PoePort;
}
