// A node asks for the time over HTTP before its system starts: its busybox knows no SNTP. What the lines mean is told in walt-set-clock of
// the node side, which reads them.
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Clock } from '../../host/clock/clock.ts';
import type { FileOutcome } from '../files/find-file.ts';

type Context = {
  readonly registry: Pick<Registry, 'byIp'>;
  /** whether the clock of this machine is known to be right */
  readonly isRight: () => boolean;
  readonly clock: Clock;
  /** whether a device is to have the time zone of this machine */
  readonly wantsZone: (device: Device) => boolean;
  readonly zone: () => string;
};

const PATH = '/walt-time';
const MILLISECOND_US = 1000;

/** @param path of the URL. @returns undefined for another question */
export function onTimeQuestion(
  path: string,
  address: string,
  { registry, isRight, clock, wantsZone, zone }: Context,
): FileOutcome | undefined {
  if (path !== PATH) return undefined;
  const device = registry.byIp(address);
  const lines = [
    ...(isRight() ? [`time ${secondsText(clock())}\n`] : []),
    ...(device !== undefined && wantsZone(device) ? [`zone ${zone()}\n`] : []),
  ];
  // Without the device: the question is no stage of its boot.
  return { found: { kind: 'bytes', bytes: Buffer.from(lines.join('')) }, events: [] };
}

function secondsText(microseconds: number): string {
  return (Math.floor(microseconds / MILLISECOND_US) / 1000).toFixed(3);
}
