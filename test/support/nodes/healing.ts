// The real healer on the records of a server in memory. Power, net service and clock are the test's: `say` is what the
// network shows, `pass` lets time go by with a look every two seconds of it.
import type { BootSignal } from '../../../agent/boot/progress.ts';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { listenToBoots } from '../../../agent/healing/boot-listener.ts';
import { Cases } from '../../../agent/healing/cases.ts';
import type { HealMode } from '../../../agent/healing/heal-settings.ts';
import { Healer } from '../../../agent/healing/healer.ts';
import { waysOf } from '../../../agent/healing/ways.ts';
import { openRecords } from '../records.ts';

const SECOND = 1_000_000;

/** @param file of the database: opening it again is a restart of the server. @param at seconds that the clock begins with */
export async function openHealer(file = ':memory:', at = 1000) {
  const world = { now: at * SECOND, mode: 'on' as HealMode, canCycle: true, hasNfs: true };
  const answering = new Set<string>();
  const content = new Set<string>();
  const cycled: string[] = [];
  const asked: string[] = [];
  /** names of switches by the boards behind them, and those of them that are gone */
  const switches = new Map<string, string>();
  const gone = new Set<string>();
  const { promise: awaited, resolve: answer } = Promise.withResolvers<void>();
  /** Names of switches that answer once `answer()` was called. */
  const slow = Object.assign(new Set<string>(), { awaited, answer });
  const events: ServerEvent[] = [];
  const records = await openRecords(file, {}, () => world.now);
  const { registry, boots, publisher, publish, store } = records;
  const cases = new Cases(store.healing, (reason) => records.printed.push(String(reason)));
  await cases.load();
  cases.resume((mac) => boots.statusOf(mac), world.now);
  listenToBoots({ registry, boots, publisher, cases });
  publisher.on(
    'test',
    ['healing', 'healing-paused', 'healing-held'],
    (event) => void events.push(event),
  );
  const hasContent = (key: string) => content.has(key);
  const say = (mac: string, ...signals: BootSignal[]) =>
    publish(signals.map((signal) => ({ kind: 'signal', mac, signal })));
  /** What a board does when its power was cycled; a test may give it. */
  const onCycle = new Map<string, () => void>();
  const healer = new Healer({
    ...{ registry, boots, cases, publish, hasContent, records: store.boots },
    clock: () => world.now,
    mode: () => world.mode,
    canCycle: () => world.canCycle,
    cycle: async ({ mac }) => {
      cycled.push(mac);
      say(mac, { kind: 'down', cause: 'it did not come up', method: 'hard' });
      onCycle.get(mac)?.();
    },
    reboot: async ({ mac }) => void asked.push(mac),
    answers: async ({ mac }) => answering.has(mac),
    keyOf: (image) => registry.all().find((device) => device.image === image)?.root,
    slowness: () => 1,
    wiring: {
      switchOf: (mac) => {
        const name = switches.get(mac);
        return name === undefined ? undefined : { mac: name, name };
      },
      answers: async ({ name }) => {
        if (slow.has(name)) await slow.awaited;
        return !gone.has(name);
      },
    },
    server: async () => ({ hasLink: true, hasNfs: world.hasNfs }),
  });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 10) {
      world.now += 10 * SECOND;
      await store.flush();
      await healer.look();
    }
  };
  const texts = () => events.map((event) => ('text' in event ? event.text : `${event.kind}`));
  return {
    ...{ ...records, world, healer, cases, say, pass, cycled, asked, answering, content, onCycle },
    ...{ switches, gone, slow },
    ...{ events, texts, ways: waysOf(cases, hasContent) },
  };
}
