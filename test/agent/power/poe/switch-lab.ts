// Emulated switches with a server beside them: topology, records on a real database, and the driver `poe`.
import type { ExecutionContext } from 'ava';
import type { Device } from '../../../../agent/devices/device.ts';
import { type Poe, poe } from '../../../../agent/power/poe/poe.ts';
import type { PoeTimes } from '../../../../agent/power/poe/port-power.ts';
import type { Pace } from '../../../../agent/power/poe/turns.ts';
import { Conversations } from '../../../../agent/snmp/conversations.ts';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';
import type { Store } from '../../../../agent/store/store.ts';
import { readSwitch } from '../../../../agent/switches/read-switch.ts';
import { Topology } from '../../../../agent/switches/topology.ts';
import {
  type EmulatedOptions,
  type EmulatedSwitch,
  emulateSwitch,
} from '../../../../lab/switches/emulated-switch.ts';

export const SERVER = '02:00:00:00:00:01';
export const QUICK: PoeTimes = { off: 30, proof: 300, look: 20 };
const PATIENCE = { timeout: 500, retries: 1 };
const COMMUNITY = 'lab';

/** Makes switches, and what asks them. */
export async function openSwitchLab(
  t: ExecutionContext,
  {
    store,
    times = QUICK,
    pace = { gap: 0, patience: 0 },
  }: {
    store?: Store;
    times?: PoeTimes;
    pace?: Pace;
  } = {},
) {
  const records = (store ?? (await ownStore(t))).power;
  const conversations = new Conversations(PATIENCE);
  const switches: EmulatedSwitch[] = [];
  const devices = new Map<string, Device>();
  /** MACs of no device */
  const strangers = new Set<string>();
  t.teardown(() => Promise.all(switches.map((one) => one[Symbol.asyncDispose]())));
  const talk: Parameters<typeof poe>[0]['talk'] = (device, use) => {
    const port = switches.find(({ state }) => state.mac === device.mac)?.port ?? 1;
    const access = { version: '2c', community: COMMUNITY } as const;
    return conversations.have({ name: device.name, ip: '127.0.0.1', port, access }, use);
  };
  const options: ConstructorParameters<typeof Topology>[0] = {
    switches: () => [...devices.values()].filter(({ settings }) => settings?.type === 'switch'),
    server: async () => SERVER,
    ask: (device) => talk(device, readSwitch),
    isDevice: (mac) => !strangers.has(mac),
    records,
    clock: () => 1,
  };
  /** as the next server has it */
  const nextTopology = async () => {
    const next = new Topology(options);
    await next.load();
    return next;
  };
  const topology = await nextTopology();
  const device = (mac: string) => devices.get(mac);
  let now = 7;
  const driver: Poe = poe({
    topology,
    device,
    talk,
    records,
    clock: () => 7,
    steady: () => now,
    times,
    pace,
  });
  return {
    ...{ topology, nextTopology, device, driver, records, switches, strangers },
    add: (given: Pick<Device, 'mac' | 'name'> & Partial<Device>) => {
      devices.set(given.mac, { ip: '127.0.0.1', type: 'unknown', firstSeen: 0, ...given });
    },
    addSwitch: async (options: Omit<EmulatedOptions, 'access'> & { mac: string; name: string }) => {
      const made = await emulateSwitch({ access: { community: COMMUNITY }, ...options });
      switches.push(made);
      const settings = { type: 'switch', 'poe.reboots': 'true' };
      devices.set(options.mac, {
        ...{ mac: options.mac, name: options.name, settings },
        ...{ ip: '127.0.0.1', type: 'unknown', firstSeen: 0 },
      });
      return made;
    },
    later: (seconds: number) => {
      now += seconds * 1_000_000;
    },
    remove: (mac: string) => devices.delete(mac),
    forbid: (mac: string) => {
      const known = devices.get(mac);
      if (known) devices.set(mac, { ...known, settings: { type: 'switch' } });
    },
  };
}

/** A driver's target. */
export function targetOf(mac: string, name = 'rpi-1') {
  return { name, mac, ip: '127.0.0.1', words: [] };
}

async function ownStore(t: ExecutionContext): Promise<Store> {
  const store = await openSqliteStore(':memory:');
  t.teardown(() => store.close());
  return store;
}
