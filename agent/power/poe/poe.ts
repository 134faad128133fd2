// The power driver of nodes that get their power from a port of their switch (IEEE 802.3, clause 33).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../../devices/device.ts';
import { messageOf, WaltError } from '../../errors.ts';
import type { SnmpClient } from '../../snmp/client.ts';
import type { PowerRecords, StoredPort } from '../../store/records/power.ts';
import { isSwitch } from '../../switches/access-of.ts';
import { type PowerDriver, PowerRefused } from '../driver.ts';
import { Retries } from '../retries.ts';
import { type Board, LearntPower } from './learnt.ts';
import { findPoePort, type PoeParts, type PoePort } from './poe-port.ts';
import {
  awaitPower,
  cutPower,
  detectionOf,
  orderPower,
  POE_TIMES,
  type PoeTimes,
} from './port-power.ts';
import { PACE, type Pace, Turns } from './turns.ts';
import { ownWattsOf, type Watts, wattsOf } from './watts.ts';

/** Has a conversation with a switch. */
export type Talk = <Result>(
  device: Device,
  use: (client: SnmpClient) => Promise<Result>,
) => Promise<Result>;

/** What the driver stands on. */
export type PoeOptions = PoeParts & {
  readonly talk: Talk;
  readonly records: Pick<PowerRecords, 'ports' | 'savePort' | 'learnt' | 'saveLearnt'>;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** microseconds of a clock that nobody sets */
  readonly steady: () => number;
  readonly times?: PoeTimes;
  readonly pace?: Pace;
};

/** The driver, and what mends what a crash has left. */
export type Poe = PowerDriver & {
  /** how many ports of a switch wait for their turn */
  readonly waitingAt: (mac: string) => number;
  /** what boards take, and how soon they may follow each other */
  readonly learnt: LearntPower;
  /**
   * Turns the ports on again that this server turned off for a moment, and that are off still: it was ended in that moment, or the
   * switch did not answer. What fails is tried again later and later.
   */
  readonly mend: () => Promise<Mended[]>;
  /** A switch is not known any more. What is on disk of that is for who calls. @returns its ports that nobody turns on again */
  readonly forget: (device: Device) => Promise<Mended[]>;
};

/** What became of a port that was left off; `error` is null where it gives power. */
type Mended = { readonly text: string; readonly error: string | null };

const NOBODY =
  'this is no switch that the server knows any more, so that nobody but you turns it on again';

/** The driver `poe`. */
export function poe(options: PoeOptions): Poe {
  const { times = POE_TIMES, pace = PACE, talk, steady } = options;
  const learnt = new LearntPower({ ...options, clock: steady, gap: pace.gap });
  const turns = new Turns(pace, learnt);
  const retries = new Retries();
  const on = async (port: PoePort, mac?: string) => {
    await turns.inTurn(port, {
      ask: (use) => talk(port.switch, use),
      order: () => talk(port.switch, (client) => orderPower(client, port)),
      prove: () => talk(port.switch, (client) => awaitPower(client, port, times)),
    });
    if (mac !== undefined) await learnt.started(boardOf(port, mac));
  };
  const off = (port: PoePort) =>
    talk(port.switch, async (client) => {
      await refuseIdle(client, port);
      const own = await ownWattsOf(client, port);
      const before = await wattsOf(client, port);
      turns.noteChange(port);
      const changes = turns.changesAt(port.switch.mac);
      await cutPower(client, port, times);
      const after = await wattsOf(client, port);
      const isAlone = turns.changesAt(port.switch.mac) === changes;
      const watts = own ?? takenWatts(before, isAlone ? after : undefined);
      if (watts !== undefined) await learnt.noteWatts(boardOf(port, ''), watts);
    });
  const isOff = async (port: PoePort) =>
    (await talk(port.switch, (client) => detectionOf(client, port))) === 'disabled';
  const cycle = async (port: PoePort, mac: string) => {
    // It goes on, where somebody has turned it off.
    if (await isOff(port)) {
      await on(port, mac);
      return await note(port, options, false);
    }
    await talk(port.switch, (client) => refuseIdle(client, port));
    await note(port, options, true);
    // Where the power does not go the port is on, or is to be: it is turned on all the same.
    const failure = await off(port).catch((reason: unknown) => reason);
    if (failure instanceof PowerRefused) {
      await note(port, options, false);
      throw failure;
    }
    if (failure === undefined) await sleep(times.off);
    await on(port, mac);
    await note(port, options, false);
    if (failure !== undefined) throw failure;
  };
  return {
    learnt,
    waitingAt: (mac) => turns.waitingAt(mac),
    canSwitch: true,
    on: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, async () => {
        await on(port, target.mac);
        await note(port, options, false);
      });
    },
    off: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, async () => {
        if (await isLeft(port, options))
          await talk(port.switch, (client) => cutPower(client, port, times));
        else if (!(await isOff(port))) await off(port);
        await note(port, options, false);
      });
    },
    cycle: async (target) => {
      const port = await findPoePort(target, options);
      await turns.alone(port, () => cycle(port, target.mac));
    },
    status: async (target) => {
      const port = await findPoePort(target, options);
      const word = await talk(port.switch, (client) => detectionOf(client, port));
      return word === 'deliveringPower' ? 'on' : word === 'disabled' ? 'off' : 'unknown';
    },
    forget: async ({ mac, name }) => {
      learnt.forget(mac);
      const left = (await options.records.ports()).filter(
        (one) => one.switch === mac && one.offSince !== null,
      );
      return left.map(({ port }) => ({ text: `port ${port} of ${name}`, error: NOBODY }));
    },
    mend: async () => {
      const ports = await options.records.ports();
      // One that is being switched is not left.
      const left = ports.filter((one) => one.offSince !== null && !turns.isBusy(one));
      const now = steady();
      retries.keepOnly(left.map(keyOf));
      const due = left.filter((one) => retries.isDue(keyOf(one), now));
      return await Promise.all(
        due.map(async (one) => {
          const mended = await mendPort(one, options, { on, turns });
          retries.note(keyOf(one), { at: now, isDone: mended.error === null });
          return mended;
        }),
      );
    },
  };
}

function keyOf({ switch: mac, port }: Pick<StoredPort, 'switch' | 'port'>): string {
  return `${mac} ${port}`;
}

function boardOf({ switch: { mac: at }, model }: PoePort, mac: string): Board {
  return { mac, switch: at, model };
}

/** What a board took. A switch tells whole watts of all ports together, so that what others take must not have changed. */
function takenWatts(before: Watts, after: Watts | undefined): number | undefined {
  if (before.used === undefined || after?.used === undefined) return undefined;
  const taken = before.used - after.used;
  return taken >= 1 && taken <= before.mostWatts ? taken : undefined;
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

/** Whether a cycle has left the port off: who says off then wants that it does not go on by itself. */
async function isLeft(
  { switch: { mac }, port }: PoePort,
  { records }: PoeOptions,
): Promise<boolean> {
  const ports = await records.ports();
  return ports.some((one) => one.switch === mac && one.port === port && one.offSince !== null);
}

async function mendPort(
  stored: StoredPort,
  options: PoeOptions,
  { on, turns }: { readonly on: (port: PoePort) => Promise<void>; readonly turns: Turns },
): Promise<Mended> {
  const device = options.device(stored.switch);
  const text = `port ${stored.port} of ${device?.name ?? stored.switch}`;
  try {
    if (device === undefined || !isSwitch(device)) {
      await options.records.savePort({ ...stored, offSince: null });
      throw new WaltError(NOBODY);
    }
    const { ports } = await options.topology.refresh(device);
    const index = ports.find(({ port }) => port === stored.port)?.poe;
    if (index === undefined) throw new WaltError('the switch has no such port with PoE any more');
    const port = { switch: device, port: stored.port, index, text, model: '' };
    await turns.alone(port, () => on(port));
    await note(port, options, false);
    return { text, error: null };
  } catch (reason) {
    return { text, error: messageOf(reason) };
  }
}
