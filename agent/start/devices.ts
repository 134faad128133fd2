// The devices and their boots, as an earlier run of the server left them.
import { BootBook } from '../boots/boot-book.ts';
import { Registry } from '../devices/registry.ts';
import type { Publisher } from '../events/publisher.ts';
import { followClock } from '../events/reactions/follow-clock.ts';
import { noticeFailingBoots } from '../events/reactions/notice-failing-boots.ts';
import { recordBoots } from '../events/reactions/record-boots.ts';
import { systemClock } from '../host/clock.ts';
import type { Store } from '../store/store.ts';
import type { Problem } from './journal.ts';

/** Reads what is known, and publishes what becomes of it. */
export async function openDevices(
  store: Pick<Store, 'devices' | 'boots'>,
  { publisher, problem }: { readonly publisher: Publisher; readonly problem: Problem },
) {
  const registry = new Registry({
    records: store.devices,
    onChange: (changed) => publisher.publish([{ kind: 'device-changed', ...changed }]),
  });
  await registry.load();
  const boots = new BootBook({
    records: store.boots,
    clock: systemClock,
    onProblem: problem('store'),
  });
  await boots.load();
  recordBoots(publisher, { boots, registry });
  noticeFailingBoots(publisher, { boots, registry });
  followClock(publisher, { boots, registry });
  return { registry, boots };
}
