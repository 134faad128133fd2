// Switches one port off and on, and sees to it that the power has really gone and come back.
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../errors.ts';
import { type SnmpClient, SnmpError } from '../../snmp/client.ts';
import { DETECTION, POE, TRUTH } from '../../switches/mibs.ts';
import { PowerRefused } from '../driver.ts';
import type { PoePort } from './poe-port.ts';
import { ownWattsOf } from './watts.ts';

/** Milliseconds. */
export type PoeTimes = {
  /** a board without power for so long has lost all that it had in its capacitors */
  readonly off: number;
  /** power has to be gone, or there, within so long */
  readonly proof: number;
  /** between two looks */
  readonly look: number;
};

/** A port takes up to a second and a half for detection and class (IEEE 802.3, clause 33), and switches say so later. */
export const POE_TIMES: PoeTimes = { off: 4000, proof: 15_000, look: 300 };

/** How a port stands: `pethPsePortDetectionStatus` in words. */
export async function detectionOf(
  client: Pick<SnmpClient, 'get'>,
  { index, text }: PoePort,
): Promise<string> {
  const [status] = await client.get([`${POE.detection}.${index}`]);
  const word = DETECTION[Number(status)];
  if (word !== undefined) return word;
  throw new WaltError(`${text} does not say whether it gives power`);
}

/** Power of the port is gone when the promise resolves. @throws {WaltError} if it does not go, {PowerRefused} if the switch refuses the order */
export async function cutPower(client: SnmpClient, port: PoePort, times: PoeTimes): Promise<void> {
  const order = { oid: `${POE.isEnabled}.${port.index}`, value: TRUTH.false };
  await client.set([order]).catch((cause: unknown) => {
    const isRefusal = cause instanceof SnmpError && !cause.isSilent;
    throw isRefusal ? new PowerRefused(cause.message, { cause }) : cause;
  });
  // A fault or a test may come with power.
  const isOff = (word: string) => word === 'disabled' || word === 'searching';
  const last = await waitFor(client, port, { times, is: isOff });
  const took = `${port.text} took the order to turn its power off, and`;
  if (!isOff(last)) {
    const what = last === 'deliveringPower' ? 'gives power all the same' : `says ${last}`;
    throw new WaltError(`${took} ${what}`);
  }
  const watts = await wattsLeft(client, port, times);
  if (watts !== undefined) throw new WaltError(`${took} tells of ${watts} W that it gives`);
}

/** Where the switch tells what each port takes: what it still takes at the end of the time. */
async function wattsLeft(
  client: SnmpClient,
  port: PoePort,
  times: PoeTimes,
): Promise<number | undefined> {
  const until = performance.now() + times.proof;
  for (;;) {
    const watts = await ownWattsOf(client, port);
    if (watts === undefined || performance.now() > until) return watts;
    await sleep(times.look);
  }
}

/** Tells the port to give power. @throws {SnmpError} */
export async function orderPower(client: SnmpClient, { index }: PoePort): Promise<void> {
  await client.set([{ oid: `${POE.isEnabled}.${index}`, value: TRUTH.true }]);
}

/** The port gives power when the promise resolves. @throws {WaltError} if it does not */
export async function awaitPower(
  client: SnmpClient,
  port: PoePort,
  times: PoeTimes,
): Promise<void> {
  const isOn = (word: string) => word === 'deliveringPower';
  const last = await waitFor(client, port, { times, is: isOn });
  if (isOn(last)) return;
  throw new WaltError(`${port.text} is on again and gives no power: it says ${last}`);
}

async function waitFor(
  client: SnmpClient,
  port: PoePort,
  { times, is }: { readonly times: PoeTimes; readonly is: (word: string) => boolean },
): Promise<string> {
  const until = performance.now() + times.proof;
  for (;;) {
    const word = await detectionOf(client, port);
    if (is(word) || performance.now() > until) return word;
    await sleep(times.look);
  }
}
