// The devices and their boots, as an earlier run of the server left them.
import { BootBook } from '../../boots/boot-book.ts';
import { contentOf } from '../../devices/device.ts';
import { Registry } from '../../devices/registry.ts';
import { isOfTrial } from '../../events/of-trial.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followClock } from '../../events/reactions/follow/follow-clock.ts';
import { forgetPassersBy } from '../../events/reactions/forget-passers-by.ts';
import { noteFirstFiles } from '../../events/reactions/note-first-files.ts';
import { noticeFailingBoots } from '../../events/reactions/notice-failing-boots.ts';
import { recordBoots } from '../../events/reactions/record-boots.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import { hostCount, type Subnet } from '../../protocol/ip.ts';
import type { Store } from '../../store/store.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  readonly publisher: Publisher;
  readonly problem: Problem;
  /** walt-net */
  readonly subnet: Subnet;
};

const PASSERS_BY_MS = 60_000;

/** Reads what is known, and publishes what becomes of it. */
export async function openDevices(
  store: Pick<Store, 'devices' | 'boots'>,
  { publisher, problem, subnet }: Parts,
  services: AsyncDisposableStack,
) {
  const registry = new Registry({
    records: store.devices,
    onChange: (changed) => publisher.publish([{ kind: 'device-changed', ...changed }]),
  });
  await registry.load();
  publisher.conceal((event) => registry.hadTrials && isOfTrial(event, registry));
  const boots = new BootBook({
    records: store.boots,
    clock: systemClock,
    startsLocally: (mac) => registry.byMac(mac)?.bootsLocal === true,
    isTrial: registry.isTrial,
    contentOf: (mac) => contentOf(registry.byMac(mac)),
    onProblem: problem('store'),
  });
  await boots.load();
  recordBoots(publisher, { boots, registry });
  noticeFailingBoots(publisher, { boots, registry });
  noteFirstFiles(publisher, registry);
  followClock(publisher, { boots, registry, startedAt: systemClock() });
  const forget = forgetPassersBy(publisher, {
    registry,
    addresses: hostCount(subnet),
    clock: systemClock,
    now: () => performance.now(),
  });
  services.defer(every(PASSERS_BY_MS, forget, problem('devices')));
  return { registry, boots };
}
