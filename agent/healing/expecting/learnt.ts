// What was learnt of boots, by model and image; read from the disk again now and then.
import type { Clock } from '../../host/clock/clock.ts';
import type { BootContent, BootRecords, StoredBoot } from '../../store/records/boots.ts';
import { type ExpectedTimes, expectedTimes, LEARNT_FROM } from './expected-times.ts';
import { legTimes } from './legs.ts';

const AGAIN = 60_000_000;
/** Of fewer boots of this very image those of others with the same model say more. */
const ENOUGH = 3;

/** Reads good boots at most once a minute for each model and image. */
export class Learnt {
  readonly #records: Pick<BootRecords, 'good' | 'stagesOf'>;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly times: ExpectedTimes }>();

  constructor(records: Pick<BootRecords, 'good' | 'stagesOf'>, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  /** @param image key of its folder */
  async of(model: string, image: string): Promise<ExpectedTimes> {
    const key = `${model} ${image}`;
    const known = this.#known.get(key);
    const now = this.#clock();
    // The clock may be set back.
    if (known !== undefined && Math.abs(now - known.at) < AGAIN) return known.times;
    const times = await this.#read({ model, image });
    this.#known.set(key, { at: now, times });
    return times;
  }

  async #read({ model, image }: BootContent & { readonly model: string }): Promise<ExpectedTimes> {
    const { good, stagesOf } = this.#records;
    const same = image === undefined ? [] : await good({ model, image }, LEARNT_FROM);
    const boots: StoredBoot[] = same.length < ENOUGH ? await good({ model }, LEARNT_FROM) : same;
    const legs = await Promise.all(boots.map(async ({ id }) => legTimes(await stagesOf(id))));
    return expectedTimes(legs);
  }
}
