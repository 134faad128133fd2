/** The parts of a server that healing stands on, in memory, with a clock that the bench moves. */
import { BootBook } from '../../agent/boots/boot-book.ts';
import type { Device, Node } from '../../agent/devices/device.ts';
import { contentOf } from '../../agent/devices/device.ts';
import { Registry } from '../../agent/devices/registry.ts';
import { Publisher } from '../../agent/events/publisher.ts';
import { recordBoots } from '../../agent/events/reactions/record-boots.ts';
import { listenToBoots } from '../../agent/healing/boot-listener.ts';
import { Cases } from '../../agent/healing/cases.ts';
import { Healer } from '../../agent/healing/healer.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';

/** What healing does to boards, and what they are. */
export type Ground = {
  /** microseconds since 1970 */
  readonly now: () => number;
  readonly cycle: (mac: string) => void;
  readonly reboot: (mac: string) => void;
  /** whether the system of the board takes connections */
  readonly answers: (mac: string) => boolean;
};

/** Opens it with these boards known. */
export async function openServer(boards: readonly Device[], ground: Ground) {
  const { now } = ground;
  const problem = (reason: unknown) => {
    throw reason;
  };
  const store = await openSqliteStore(':memory:');
  const publisher = new Publisher({ clock: now, onFailure: problem });
  const { publish } = publisher;
  const registry = new Registry({ records: store.devices, onChange: () => {} });
  const boots = new BootBook({
    ...{ records: store.boots, clock: now, onProblem: problem },
    contentOf: (mac) => contentOf(registry.byMac(mac)),
  });
  const cases = new Cases(store.healing, problem);
  recordBoots(publisher, { boots, registry });
  listenToBoots({ registry, boots, publisher, cases });
  for (const board of boards) await registry.change(board.mac, () => board);
  const healer = new Healer({
    ...{ registry, boots, cases, publish, clock: now, records: store.boots },
    mode: () => 'on',
    canCycle: () => true,
    cycle: async ({ mac }: Node) => ground.cycle(mac),
    reboot: async ({ mac }: Node) => ground.reboot(mac),
    answers: async ({ mac }: Node) => ground.answers(mac),
    keyOf: () => undefined,
    hasContent: () => false,
    slowness: () => 1,
    wiring: { switchOf: () => undefined, answers: async () => true },
    server: async () => ({ hasLink: true, hasNfs: true }),
  });
  return { store, publisher, publish, healer };
}
