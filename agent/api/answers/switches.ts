// Answers to the calls about switches.
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { DiskError, messageOf, RequestError } from '../../errors.ts';
import { oneLine } from '../../host/text/shown-text.ts';
import type { NodeActions } from '../../nodes/node-actions.ts';
import type { Poe } from '../../power/poe/poe.ts';
import { purposeOf } from '../../power/power-secret.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { settingsOf } from '../../settings/settings-of.ts';
import { isSwitch } from '../../switches/access-of.ts';
import type { PortNames } from '../../switches/port-names.ts';
import type { Topology } from '../../switches/topology.ts';
import type { Answers } from '../calls/call.ts';
import type { SwitchView, switchCalls } from '../calls/switches.ts';

/** What these answers need. */
export type SwitchParts = {
  readonly registry: Pick<Registry, 'all' | 'byMac'>;
  readonly actions: Pick<NodeActions, 'device'>;
  readonly topology: Topology;
  readonly ports: PortNames;
  readonly secrets: Pick<Secrets, 'set' | 'forget'>;
  readonly poe: Pick<Poe, 'learnt' | 'waitingAt'>;
};

/** Answers to the calls of calls/switches.ts. */
export function switchAnswers(parts: SwitchParts): Answers<typeof switchCalls> {
  const { registry, actions, topology, ports, secrets } = parts;
  const view = (device: Device) => viewSwitch(device, parts);
  return {
    'devices.rescan': async () => {
      const asked = await topology.rescanAnew();
      return { switches: asked.map(({ name, error }) => ({ name, error })) };
    },
    'devices.tree': async () => {
      const all = registry.all();
      const unplaced = all.filter(({ mac }) => topology.placeOf(mac) === undefined);
      return {
        switches: all.filter(isSwitch).map(view),
        unplaced: unplaced.filter((device) => !isSwitch(device)).map(({ name }) => name),
      };
    },
    'devices.ports': async ({ device }) => view(await askedSwitch(device, parts)),
    'devices.namePort': async ({ device, port, name }) => {
      const found = await askedSwitch(device, parts);
      const place = { switch: found.mac, port: portNumber(found, port, parts) };
      await ports.set(place, name).catch((reason: unknown) => {
        if (reason instanceof DiskError) throw reason;
        throw new RequestError(400, `Nothing was changed: ${oneLine(messageOf(reason))}`);
      });
      return view(found);
    },
    'devices.credentials': async ({ device, user, password, privacy }) => {
      const found = actions.device(device);
      if (password === '') {
        await secrets.forget(found.mac);
        return { isKnown: false };
      }
      refuseWeak(found, { user, password, privacy });
      await secrets.set(found.mac, { user, password, privacy, purpose: purposeOf(found) });
      return { isKnown: true };
    },
  };
}

/** A switch that has been asked. */
async function askedSwitch(name: string, { actions, topology }: SwitchParts): Promise<Device> {
  const device = actions.device(name);
  if (!isSwitch(device)) {
    throw new RequestError(
      409,
      `${device.name} is no switch, as far as the server knows: walt device config ${device.name} type=switch`,
    );
  }
  if (topology.factsOf(device.mac) !== undefined) return device;
  await topology.refresh(device).catch((reason: unknown) => {
    throw new RequestError(502, messageOf(reason));
  });
  return device;
}

function portNumber(device: Device, text: string, { topology, ports }: SwitchParts): number {
  const all = topology.factsOf(device.mac)?.ports ?? [];
  const named = all.find(({ port }) => ports.nameOf({ switch: device.mac, port }) === text);
  const found = named ?? all.find(({ port, name }) => name === text || String(port) === text);
  if (found !== undefined) return found.port;
  throw new RequestError(
    404,
    `${device.name} has no port '${oneLine(text.slice(0, 40))}': walt device port-config ${device.name} lists its ports.`,
  );
}

/** RFC 3414 §11.2 asks for 8 characters, and agents refuse less. */
function refuseWeak(
  device: Device,
  { user, password, privacy }: { user: string; password: string; privacy: string },
): void {
  if (!isSwitch(device) || settingsOf(device)['snmp.version'] !== '3') return;
  if (user !== '' && password.length >= 8 && privacy.length >= 8) return;
  throw new RequestError(
    400,
    'Nothing was changed: SNMP 3 needs a user, and two passphrases of 8 characters or more.',
  );
}

function viewSwitch({ mac, name }: Device, parts: SwitchParts): SwitchView {
  const { topology, ports, registry, poe: power } = parts;
  const nameOf = (other: string) => registry.byMac(other)?.name ?? other;
  const above = topology.placeOf(mac);
  const known = topology.factsOf(mac)?.ports ?? topology.portsOf(mac);
  return {
    name,
    above: above === undefined ? null : { switch: nameOf(above.switch), port: ports.nameOf(above) },
    error: topology.errorOf(mac) ?? null,
    waiting: power.waitingAt(mac),
    learnt: power.learnt.of(mac).map(({ model, gap, boards }) => {
      const watts = power.learnt.wattsOf({ switch: mac, model }) ?? null;
      return { model, watts, gap, boards };
    }),
    ports: known.map(({ port, poe }) => {
      const place = { switch: mac, port };
      return {
        port,
        name: ports.nameOf(place),
        isNamed: ports.givenTo(place) !== undefined,
        poe: poe !== undefined,
        isLink: topology.isLink(place),
        devices: topology.placedAt(place).map(nameOf),
      };
    }),
  };
}
