// What healing takes from what happens: boots that begin, come up and end, files that are refused, and what people do.
import type { BootBook } from '../boots/boot-book.ts';
import type { Registry } from '../devices/registry.ts';
import type { EventOf } from '../events/event.ts';
import type { Publisher } from '../events/publisher.ts';
import { oneLine } from '../host/text/shown-text.ts';
import { atRest, type Case, type Cases, tryingFrom } from './cases.ts';
import { withBoot, withFailure } from './counts.ts';
import { endedFaultOf } from './faults.ts';
import { NEW_SERIES, type Series } from './ladder.ts';
import { healedText } from './texts.ts';

type Parts = {
  readonly registry: Pick<Registry, 'byName' | 'byIp'>;
  readonly boots: Pick<BootBook, 'statusOf' | 'lastOf'>;
  readonly publisher: Pick<Publisher, 'on' | 'publish'>;
  readonly cases: Cases;
};

/** What people do ends whatever was being done for a node. */
const OF_PEOPLE = ['reboot-asked', 'power-asked', 'image-chosen', 'local-start-chosen'] as const;
/** Causes of an end after which nothing is expected. */
const TURNED_OFF: readonly string[] = ['power off requested', 'power saving'];

/** Keeps the cases. */
export function listenToBoots(parts: Parts): void {
  const { publisher, registry, cases } = parts;
  publisher.on('healing', ['boot'], (event, at) => onBoot(event, at, parts));
  publisher.on('healing', [...OF_PEOPLE], async ({ node }, at) => {
    const { mac } = registry.byName(node) ?? {};
    if (mac === undefined) return;
    await cases.change(mac, (board) => {
      const anew = { ...board, series: NEW_SERIES };
      return board.tryingSince === undefined ? anew : tryingFrom(at, anew);
    });
  });
  publisher.on('healing', ['refused-file'], async ({ from, path, reason }) => {
    const { mac } = registry.byIp(from) ?? {};
    if (mac === undefined) return;
    const refused = oneLine(`${path.slice(0, 80)} (${reason})`);
    await cases.change(mac, (board) => ({ ...board, refused }));
  });
  publisher.on('healing', ['clock-set'], ({ by }) => cases.shift(by));
  publisher.on('healing', ['device-changed'], ({ before, after }) => {
    if (before !== undefined && after === undefined) cases.forget(before.mac);
  });
}

async function onBoot(event: EventOf<'boot'>, at: number, parts: Parts): Promise<void> {
  const { mac, signal, before, state, attempt } = event;
  const { cases } = parts;
  if (signal.kind === 'booted' && state === 'booted') {
    if (before !== 'booted') await onUp(event, at, parts);
    return;
  }
  const isTurnedOff = signal.kind === 'down' && TURNED_OFF.includes(signal.cause);
  await cases.change(mac, (board) => {
    const isSilent =
      signal.kind === 'down'
        ? signal.method === 'server-detected'
        : state === 'down' && board.isSilent === true;
    return heard({ ...board, isSilent }, { at, state, attempt, isTurnedOff });
  });
  if ((attempt ?? 0) > 1) await countFailure(mac, parts);
}

type Heard = Pick<EventOf<'boot'>, 'state'> & {
  readonly at: number;
  readonly attempt: number | undefined;
  readonly isTurnedOff: boolean;
};

function heard(board: Case, { at, state, attempt, isTurnedOff }: Heard): Case {
  const now = { ...board, heardAt: at };
  if (isTurnedOff) return atRest(now);
  const isUp = state === 'booted' || state === 'unconfirmed';
  if (isUp) return now;
  const isFresh = attempt === 1 || state === 'down' || board.tryingSince === undefined;
  return isFresh ? tryingFrom(at, now) : now;
}

async function onUp(
  { mac, name, before }: EventOf<'boot'>,
  at: number,
  { cases, boots, publisher }: Parts,
): Promise<void> {
  const { series } = cases.of(mac);
  const isHealed = series.tries > 0;
  const { since } = boots.statusOf(mac);
  const took = since === undefined || before === undefined ? undefined : at - since;
  // After a restart of the server a node says again that it is up: that is no boot.
  const isBoot = before !== 'unconfirmed';
  if (isHealed) {
    const text = healedText(series);
    publisher.publish([{ kind: 'healing', node: name, what: 'healed', text }]);
  }
  await cases.change(mac, ({ isOfMany: _many, isSilent: _silent, ...board }) => ({
    ...atRest(board),
    series: afterUp(series),
    counts: isBoot ? withBoot(board.counts, took, isHealed) : board.counts,
    heardAt: at,
  }));
}

/**
 * What it came up by is kept where it is another image: that which does not come up is not tried at its next boot. So are its power
 * cycles: one that comes up and falls silent again and again has no more of them in an hour than others.
 */
function afterUp(series: Series): Series {
  if (series === NEW_SERIES) return series;
  const { way, image, instead, cycles } = series;
  const anew = { ...NEW_SERIES, cycles };
  if (way !== 'last-good' || image === undefined || instead === undefined) return anew;
  return { ...anew, way, image, instead };
}

/** The boot before the one that has just begun did not come up. */
async function countFailure(mac: string, { cases, boots }: Parts): Promise<void> {
  const [, failed] = await boots.lastOf(mac, 2);
  const fault = failed === undefined || failed.attempt === 0 ? undefined : endedFaultOf(failed);
  if (fault === undefined) return;
  await cases.change(mac, (board) => ({ ...board, counts: withFailure(board.counts, fault.kind) }));
}
