// The switches of walt-net: what is behind their ports, and the power that these give.
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followPlaces } from '../../events/reactions/follow/follow-places.ts';
import { forgetPorts } from '../../events/reactions/forget-ports.ts';
import { steadyMs, systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import { macOfInterface } from '../../net/interface/mac-of-interface.ts';
import { Asleep } from '../../nodes/saving/asleep.ts';
import { Cycles } from '../../power/cycles.ts';
import { poe } from '../../power/poe/poe.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { settingValue } from '../../settings/settings-of.ts';
import type { SnmpClient } from '../../snmp/client.ts';
import { Conversations } from '../../snmp/conversations.ts';
import type { Store } from '../../store/store.ts';
import { isSwitch, targetOfSwitch } from '../../switches/access-of.ts';
import type { SwitchFacts } from '../../switches/facts.ts';
import { PortNames } from '../../switches/port-names.ts';
import { readSwitch } from '../../switches/read-switch.ts';
import { asSwitch, recognised } from '../../switches/recognised.ts';
import { Topology } from '../../switches/topology.ts';
import type { Problem } from '../telling/journal.ts';
import { mending } from './mending.ts';

type Parts = {
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly store: Pick<Store, 'power'>;
  /** of the server's state */
  readonly folder: string;
};

/** A node that has just come may not have spoken through all switches yet. */
const SETTLED_MS = 5000;
/** A port that could not be turned on again is tried again. */
const LOOK_MS = 30_000;

/** Reads what is known of switches, and turns on what an earlier run of the server left off. */
export async function openSwitches(
  { network }: Pick<Config, 'network'>,
  parts: Parts,
  services: AsyncDisposableStack,
) {
  const { registry, publisher, store, folder, problem } = parts;
  const secrets = new Secrets(join(folder, 'secrets'));
  const conversations = new Conversations();
  const talk = async <Result>(device: Device, use: (client: SnmpClient) => Promise<Result>) =>
    await conversations.have(await targetOfSwitch(device, secrets), use);
  const switches = () => registry.all().filter(isSwitch);
  const recognise = async (by: Device, facts: SwitchFacts) => {
    for (const { mac } of recognised(facts, (one) => registry.byMac(one))) {
      const isTaken = (name: string) => registry.byName(name) !== undefined;
      const change = (now: Device | undefined) => now && asSwitch(now, isTaken);
      const { before, after } = await registry.change(mac, change);
      if (before === undefined || after === undefined) continue;
      const renamed = { kind: 'renamed', from: before.name, to: after.name } as const;
      publisher.publish([
        ...(before.name === after.name ? [] : [renamed]),
        { kind: 'switch-recognised', device: after.name, by: by.name },
      ]);
    }
  };
  const topology = new Topology({
    switches: () => switches().filter((device) => settingValue(device, 'lldp.explore')),
    server: async () => (await macOfInterface(network.interface)) ?? '',
    ask: async (device) => {
      const facts = await talk(device, readSwitch);
      await recognise(device, facts);
      return facts;
    },
    records: store.power,
    isDevice: (mac) => registry.byMac(mac) !== undefined,
    clock: systemClock,
    onPlaced: (place) => {
      const device = registry.byMac(place.mac)?.name;
      if (device === undefined) return;
      const at = registry.byMac(place.switch)?.name ?? place.switch;
      publisher.publish([{ kind: 'placed', device, switch: at, port: ports.nameOf(place) }]);
    },
  });
  const ports = new PortNames({ topology, records: store.power });
  const asleep = new Asleep(store.power);
  await asleep.load();
  await topology.load();
  await ports.load();
  const driver = poe({
    ...{ topology, talk, records: store.power, clock: systemClock },
    steady: () => Math.round(steadyMs() * 1000),
    device: (mac) => registry.byMac(mac),
  });
  forgetPorts(publisher, isSwitch, async (device) => {
    const { mac } = device;
    topology.forget(mac);
    ports.forget(mac);
    const left = isSwitch(device) ? await driver.forget(device) : [];
    publisher.publish(left.map((one) => ({ kind: 'port-mended', ...one })));
    await store.power.forgetPorts(mac);
  });
  publisher.on('secrets', ['forgotten'], ({ device: { mac } }) => secrets.forget(mac));
  const rescan = async () => {
    if (switches().length > 0) await topology.rescanAnew().catch(problem('switches'));
  };
  services.defer(followPlaces(publisher, { look: rescan, afterMs: SETTLED_MS }));
  await driver.learnt.load();
  publisher.on('learning', ['boot'], ({ mac, state }) =>
    state === 'down' ? undefined : driver.learnt.heard(mac),
  );
  const cycles = new Cycles({ records: store.power, clock: systemClock });
  await cycles.load();
  const mend = mending(driver.mend, publisher.publish);
  void mend().catch(problem('power'));
  const look = async () => {
    await driver.learnt.expire();
    await mend();
  };
  services.defer(every(LOOK_MS, look, problem('power')));
  return { topology, ports, secrets, switches, asleep, cycles, poe: driver };
}
