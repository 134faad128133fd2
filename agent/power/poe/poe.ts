// The power driver of nodes that get their power from a port of their switch (IEEE 802.3, clause 33).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../../devices/device.ts';
import { messageOf, WaltError } from '../../errors.ts';
import type { SnmpClient } from '../../snmp/client.ts';
import type { PowerRecords, StoredPort } from '../../store/store.ts';
import type { PowerDriver } from '../driver.ts';
import { findPoePort, type PoeParts, type PoePort } from './poe-port.ts';
import { cutPower, detectionOf, givePower, POE_TIMES, type PoeTimes } from './port-power.ts';
import { PACE, type Pace, Turns } from './turns.ts';

/** Has a conversation with a switch. */
export type Talk = <Result>(
  device: Device,
  use: (client: SnmpClient) => Promise<Result>,
) => Promise<Result>;

/** What the driver stands on. */
export type PoeOptions = PoeParts & {
  readonly talk: Talk;
  readonly records: Pick<PowerRecords, 'ports' | 'savePort'>;
  /** microseconds since 1970 */
  readonly clock: () => number;
  readonly times?: PoeTimes;
  readonly pace?: Pace;
};

/** The driver, and what mends what a crash has left. */
export type Poe = PowerDriver & {
  /**
   * Turns the ports on again that this server turned off for a moment, and was ended in that moment.
   * @returns what became of each; `error` is null where it gives power
   */
  readonly mend: () => Promise<{ readonly text: string; readonly error: string | null }[]>;
};

/** The driver `poe`. */
export function poe(options: PoeOptions): Poe {
  const { times = POE_TIMES, pace = PACE, talk } = options;
  const turns = new Turns(pace);
  const on = (port: PoePort) =>
    turns.inTurn(port, async () => {
      await talk(port.switch, (client) => turns.awaitWatts(client, port));
      await talk(port.switch, (client) => givePower(client, port, times));
    });
  const off = (port: PoePort) =>
    talk(port.switch, async (client) => {
      await refuseIdle(client, port);
      await cutPower(client, port, times);
    });
  const cycle = async (port: PoePort) => {
    await talk(port.switch, (client) => refuseIdle(client, port));
    await note(port, options, true);
    // Where the power does not go the port is on, or is to be: it is turned on all the same.
    const failure = await off(port).catch((reason: unknown) => reason);
    if (failure === undefined) await sleep(times.off);
    await on(port);
    await note(port, options, false);
    if (failure !== undefined) throw failure;
  };
  return {
    canSwitch: true,
    on: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, async () => {
        await on(port);
        await note(port, options, false);
      });
    },
    off: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, () => off(port));
    },
    cycle: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, () => cycle(port));
    },
    status: async (target) => {
      const port = await findPoePort(target, options);
      const word = await talk(port.switch, (client) => detectionOf(client, port));
      return word === 'deliveringPower' ? 'on' : word === 'disabled' ? 'off' : 'unknown';
    },
    mend: async () => {
      const ports = await options.records.ports();
      const left = ports.filter(({ offSince }) => offSince !== null);
      return await Promise.all(left.map((one) => mendPort(one, options, { on, turns })));
    },
  };
}

/** A node that takes its power from elsewhere would go on, and its network would not. */
async function refuseIdle(client: SnmpClient, port: PoePort): Promise<void> {
  const word = await detectionOf(client, port);
  if (word === 'deliveringPower') return;
  throw new WaltError(
    `${port.text} is not switched: it gives no power (it says ${word}), so that the node has its power from elsewhere or is off`,
  );
}

/** On disk when the promise resolves: before the power goes, and after it came back. */
function note(
  { switch: { mac }, port }: PoePort,
  { records, clock }: PoeOptions,
  isOff: boolean,
): Promise<void> {
  return records.savePort({ switch: mac, port, offSince: isOff ? clock() : null });
}

async function mendPort(
  stored: StoredPort,
  options: PoeOptions,
  { on, turns }: { readonly on: (port: PoePort) => Promise<void>; readonly turns: Turns },
): Promise<{ readonly text: string; readonly error: string | null }> {
  const device = options.device(stored.switch);
  const text = `port ${stored.port} of ${device?.name ?? stored.switch}`;
  try {
    if (device === undefined) throw new WaltError('this switch is not known any more');
    const { ports } = await options.topology.refresh(device);
    const index = ports.find(({ port }) => port === stored.port)?.poe;
    if (index === undefined) throw new WaltError('the switch has no such port with PoE any more');
    const port = { switch: device, port: stored.port, index, text };
    await turns.alone(port, () => on(port));
    await note(port, options, false);
    return { text, error: null };
  } catch (reason) {
    return { text, error: messageOf(reason) };
  }
}
