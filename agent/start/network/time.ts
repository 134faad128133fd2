// Tells machines on walt-net the time.
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import { onSntp } from '../../handlers/time/on-sntp.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { ClockWatch } from '../../host/clock/clock-watch.ts';
import { every } from '../../host/clock/every.ts';
import { isClockRightBy } from '../../net/ffi/kernel-clock.ts';
import { loadSystemCalls } from '../../net/ffi/system-calls.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import { startSntpServer } from '../../net/sntp-server.ts';
import type { Subnet } from '../../protocol/ip.ts';
import { askersOf } from '../dhcp/askers.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** walt-net, with the server's address there */
  readonly subnet: Subnet;
  readonly registry: Registry;
  readonly onLimit: OnLimit;
  readonly problem: Problem;
  readonly helpers: Pick<Helpers, 'isClockSynchronised'>;
};

/** What machines are told of where the time is; nothing where nobody tells it. */
export type TimeFacts = { readonly ntpServer?: string };

/** The time, for others who tell it. */
export type TimeParts = {
  readonly facts: TimeFacts;
  /** whether the clock of this machine is known to be right, and nodes may be told so */
  readonly isRight: () => boolean;
};

const LOOK_MS = 10_000;
/**
 * To ask takes a program. A clock that is right goes wrong in hours (adjtimex(2): its error grows by 500 ppm, up to 16 s), so of that one each
 * sixth look counts.
 */
const LOOKS_WHEN_RIGHT = 6;

/**
 * The time is told from here on. Where another program has the port, as chrony and ntpd of this machine may, it tells the time, and
 * machines are sent there all the same.
 */
export async function startTime(
  { time }: Pick<Config, 'time'>,
  { subnet, registry, onLimit, problem, helpers }: Parts,
  services: AsyncDisposableStack,
): Promise<TimeParts> {
  if (!time.enabled) return { facts: {}, isRight: () => false };
  const say = problem('time');
  const { address } = subnet;
  const facts = { ntpServer: address };
  const isRight = await followClockState(
    time.trust,
    { ask: helpers.isClockSynchronised, say },
    services,
  );
  const context = { address, isRight, clock: systemClock };
  const { isServed } = askersOf({ registry, subnet });
  const answer = (bytes: Uint8Array) => onSntp(bytes, systemClock(), context);
  try {
    const server = await startSntpServer({ address, isServed, answer, onLimit, onError: say });
    services.defer(() => server.close());
  } catch (reason) {
    say(`Another program has to tell nodes the time: ${messageOf(reason)}`);
  }
  return { facts, isRight };
}

/** @param ask where the kernel cannot be asked by this process, or does not tell: that says why */
async function isClockRight(ask: () => Promise<boolean>): Promise<boolean> {
  const calls = await loadSystemCalls();
  return (calls && isClockRightBy(calls)) ?? (await ask());
}

async function followClockState(
  trust: Config['time']['trust'],
  { ask, say }: { readonly ask: () => Promise<boolean>; readonly say: (reason: unknown) => void },
  services: AsyncDisposableStack,
): Promise<() => boolean> {
  if (trust === 'yes') return () => true;
  const watch = new ClockWatch({ ask: () => isClockRight(ask), say });
  await watch.look();
  let looks = 0;
  const look = async () => {
    looks += 1;
    if (!watch.isRight || looks % LOOKS_WHEN_RIGHT === 0) await watch.look();
  };
  services.defer(every(LOOK_MS, look, say));
  return () => watch.isRight;
}
