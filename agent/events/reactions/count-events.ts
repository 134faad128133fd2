// Reaction: what happened is counted for /metrics.
import type { Counted } from '../../metrics/counted.ts';
import type { EventOf } from '../event.ts';
import type { Publisher } from '../publisher.ts';

const SECOND_US = 1_000_000;
/** How far a boot came that is not up. */
const UNDER_WAY = ['dhcp', 'files', 'mounted'];

/** @param modelOf of a device that is known, by its MAC */
export function countEvents(
  publisher: Publisher,
  counted: Counted,
  modelOf: (mac: string) => string | undefined,
): void {
  const boots = new CountedBoots(counted, (mac) => modelOf(mac) ?? 'unknown');
  publisher.on('metrics', ['boot'], (event, at) => boots.count(event, at));
  publisher.on('metrics', ['forgotten'], ({ device: { mac } }) => boots.forget(mac));
  publisher.on('metrics', ['signal'], (event) => countSignal(event, counted));
  publisher.on('metrics', ['refused-file'], () => counted.refusedFiles.add());
  publisher.on('metrics', ['ignored'], ({ source }) => counted.ignored.add({ server: source }));
  publisher.on('metrics', ['problem'], ({ source }) => counted.problems.add({ part: source }));
  publisher.on('metrics', ['healing'], ({ what }) => counted.helped.add({ what }));
  publisher.on('metrics', ['limit-reached'], ({ server, others }) =>
    counted.limits.add({ server }, 1 + others),
  );
}

function countSignal({ signal }: EventOf<'signal'>, counted: Counted): void {
  if (signal.kind !== 'file') return;
  const protocol = { protocol: signal.via };
  counted.transfers.add({ ...protocol, outcome: signal.outcome });
  counted.transferBytes.add(protocol, signal.bytes);
  counted.transferRetries.add(protocol, signal.retries);
  counted.transferSeconds.observe(signal.ms / 1000, protocol);
}

/** Of a boot that is not up. */
type UnderWay = { readonly started: number; readonly stage: string };

class CountedBoots {
  readonly #counted: Counted;
  readonly #modelOf: (mac: string) => string;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(counted: Counted, modelOf: (mac: string) => string) {
    this.#counted = counted;
    this.#modelOf = modelOf;
  }

  count({ mac, signal, before, state, attempt }: EventOf<'boot'>, at: number): void {
    const { bootsStarted, bootsEnded, bootSeconds, mounts } = this.#counted;
    const model = this.#modelOf(mac);
    const earlier = this.#underWay.get(mac);
    const isNew = attempt !== undefined;
    if (earlier !== undefined && (isNew || signal.kind === 'down')) {
      bootsEnded.add({ model, result: 'failed', stage: earlier.stage });
    }
    if (isNew) bootsStarted.add({ model });
    if (state === 'mounted' && before !== state) mounts.add({ model });
    const started = isNew ? at : (earlier?.started ?? at);
    if (UNDER_WAY.includes(state)) {
      this.#underWay.set(mac, { started, stage: state });
      return;
    }
    this.#underWay.delete(mac);
    const isNews = before !== 'booted' && before !== 'unconfirmed';
    if (signal.kind !== 'booted' || !isNews) return;
    bootsEnded.add({ model, result: 'booted', stage: 'booted' });
    if (earlier !== undefined)
      bootSeconds.observe(Math.max(0, at - started) / SECOND_US, { model });
  }

  forget(mac: string): void {
    this.#underWay.delete(mac);
  }
}
