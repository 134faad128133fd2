// Fetches the default image of a model once a machine of that model has come: one pull a model, however many boards
// wait for it; a failure is tried again, later and later, as long as one of them is there.

import { isKnownModel } from '../../boot/models.ts';
import type { Device } from '../../devices/device.ts';
import { ImageError, messageOf } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import type { ImageStore } from './image-store.ts';

/** Models that machines announced for which they have no image yet. */
export function waitingModels(devices: readonly Device[]): string[] {
  return devices.flatMap(({ type, model }) => (type === 'unknown' && model ? [model] : []));
}

/**
 * Fetches the default image of a model from the registries.
 * @throws {ImageError | RequestError} if there is none, or what has its name is not for this model
 */
export async function pullDefaultImage(
  images: Pick<ImageStore, 'defaultNameOf' | 'pull'>,
  model: string,
  options: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<Image> {
  const image = await images.pull(images.defaultNameOf(model), { ...options, model });
  if (image.models.includes(model)) return image;
  throw new ImageError(`it is for ${image.models.join(', ')}, and not for ${model}`);
}

type Options = {
  readonly imageOf: (model: string) => string;
  /** Gets the image; from then on machines of the model are nodes. */
  readonly fetch: (
    model: string,
    options: { readonly progress: Progress; readonly signal: AbortSignal },
  ) => Promise<unknown>;
  /** the models for whose image machines wait */
  readonly waiting: () => readonly string[];
  readonly publish: (events: readonly ServerEvent[]) => void;
  /** milliseconds to the next try; the last one is repeated */
  readonly pauses?: readonly number[];
};

type State =
  | { readonly kind: 'queued' }
  | { readonly kind: 'fetching'; readonly step: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly timer: NodeJS.Timeout };

const PAUSES = [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000];
const MOST_AT_ONCE = 2;
/** Places for models: anybody on walt-net can announce some. Where more are wanted, they take turns. */
const MOST_MODELS = 32;

/** The pulls that machines wait for. Made by `want`, ended by `stop`. */
export class DefaultImages {
  readonly #options: Options;
  readonly #states = new Map<string, State>();
  readonly #tries = new Map<string, number>();
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A machine of this model waits. Does nothing if its image is on its way. */
  want(model: string): void {
    if (this.#states.has(model) || this.#stopped.signal.aborted) return;
    if (this.#states.size >= MOST_MODELS && !this.#makeRoomFor(model)) return;
    this.#states.set(model, { kind: 'queued' });
    this.#startNext();
  }

  /** What is happening about the image of a model, in words; undefined where nothing is. */
  noteOf(model: string): string | undefined {
    const state = this.#states.get(model);
    if (state === undefined) return undefined;
    if (state.kind === 'failed') return `${state.reason}; it is tried again`;
    return state.kind === 'fetching' ? state.step : 'waiting for other images to be fetched';
  }

  /** Ends pulls that run; what they have copied so far is used by the next one. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const state of this.#states.values()) {
      if (state.kind === 'failed') clearTimeout(state.timer);
    }
    this.#states.clear();
    await Promise.all(this.#running);
  }

  /** What failed gives up its place, the model with the most tries first; what nobody knows makes room for what is known. */
  #makeRoomFor(newcomer: string): boolean {
    const isKnown = isKnownModel(newcomer);
    const [model] = [...this.#states]
      .filter(([, { kind }]) => kind === 'failed' || (isKnown && kind === 'queued'))
      .map(([each]) => each)
      .filter((each) => !isKnownModel(each))
      .toSorted((left, right) => this.#triesOf(right) - this.#triesOf(left));
    if (model === undefined) return false;
    const state = this.#states.get(model);
    if (state?.kind === 'failed') clearTimeout(state.timer);
    this.#states.delete(model);
    return true;
  }

  #triesOf(model: string): number {
    return this.#tries.get(model) ?? 0;
  }

  /** Models that are known go first, then those that were tried least. */
  #inOrder(models: Iterable<string>): string[] {
    const rank = (model: string) => (isKnownModel(model) ? -1 : this.#triesOf(model));
    return [...models].toSorted((left, right) => rank(left) - rank(right));
  }

  #startNext(): void {
    for (const model of this.#inOrder(this.#states.keys())) {
      if (this.#running.size >= MOST_AT_ONCE || this.#stopped.signal.aborted) return;
      if (this.#states.get(model)?.kind !== 'queued') continue;
      const run = this.#fetch(model);
      this.#running.add(run);
      run.finally(() => {
        this.#running.delete(run);
        this.#startNext();
      });
    }
  }

  async #fetch(model: string): Promise<void> {
    const { fetch, imageOf, publish } = this.#options;
    const image = imageOf(model);
    const progress = (step: string) => {
      if (this.#stopped.signal.aborted) return;
      this.#states.set(model, { kind: 'fetching', step });
      publish([{ kind: 'image-step', image, step }]);
    };
    progress('looking for it');
    try {
      await fetch(model, { progress, signal: this.#stopped.signal });
      this.#states.delete(model);
      this.#tries.delete(model);
      this.#giveOutPlaces();
    } catch (thrown) {
      if (!this.#stopped.signal.aborted) this.#failed(model, messageOf(thrown));
    }
  }

  #failed(model: string, message: string): void {
    const { pauses = PAUSES, imageOf, publish } = this.#options;
    const tries = this.#triesOf(model);
    this.#tries.set(model, tries + 1);
    const pause = pauses[Math.min(tries, pauses.length - 1)] ?? 0;
    const reason = message.replace(/:?\n\s*- /g, (_match, at) =>
      at === message.search(/:?\n/) ? ': ' : '; ',
    );
    const timer = setTimeout(() => this.#again(model), pause);
    this.#states.set(model, { kind: 'failed', reason, timer });
    publish([{ kind: 'image-failed', image: imageOf(model), reason, seconds: pause / 1000 }]);
  }

  /** The model stands in line again, behind those that were tried less. */
  #again(model: string): void {
    this.#states.delete(model);
    this.#giveOutPlaces();
  }

  #giveOutPlaces(): void {
    const waiting = new Set(this.#options.waiting());
    for (const model of this.#tries.keys()) if (!waiting.has(model)) this.#tries.delete(model);
    for (const model of this.#inOrder(waiting)) {
      if (this.#states.size >= MOST_MODELS) return;
      this.want(model);
    }
  }
}
