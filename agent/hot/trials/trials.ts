// The server boots an image for itself, once, in a machine that nobody sees: then the first real node has a pack already. Whatever
// else needs the machine comes first, and real boots go on to teach what this one did not read.
import { trialName } from '../../boot/names.ts';
import { type Device, isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { Publisher } from '../../events/publisher.ts';
import type { Clock } from '../../host/clock/clock.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import type { HotPacks } from '../hot-packs.ts';
import { type Candidate, isRightMoment, type Moment, nextTrial, type When } from './choice.ts';

type Options = {
  readonly when: When;
  readonly registry: Pick<Registry, 'byMac' | 'change'>;
  readonly publisher: Pick<Publisher, 'on'>;
  readonly machines: Pick<Machines, 'add' | 'remove' | 'makeRoomBy'>;
  readonly packs: Pick<HotPacks, 'settled' | 'of'>;
  /** images whose nodes are to get a pack, without those of `done` */
  readonly candidates: (done: ReadonlySet<string>) => Promise<readonly Candidate[]>;
  readonly moment: () => Moment;
  /** why no machine of the server can boot here, in words; undefined where one can */
  readonly complaint: (device: Device) => Promise<string | undefined>;
  /** an address for a machine that is not there yet; undefined if none is left */
  readonly reserveAddress: (mac: string) => Promise<string | undefined>;
  /** `aa:bb:cc:dd:ee:ff`, of no device that is known */
  readonly newMac: () => string;
  readonly clock: Clock;
  /** it is left to the nodes to teach what they read of this image; `reason` in words */
  readonly onGivenUp: (image: string, reason: string) => void;
  /** ms that a boot may take; by default ten minutes */
  readonly longest?: number;
};

/** How a trial ended. */
type Outcome = 'booted' | 'disturbed' | 'late';

type Trial = {
  readonly mac: string;
  readonly key: string;
  /** the first one counts */
  readonly end: (outcome: Outcome) => void;
  readonly gone: Promise<void>;
};

/** Of PCs, which QEMU emulates. */
export const TRIAL_MODEL = 'pc-x86-64';
/** Less than a node needs to take a pack (walt-init): it has none to take. */
const MEMORY = '768M';
const LONGEST_MS = 600_000;
/** A machine that lacks what it takes is looked at again so much later. */
const UNABLE_MS = 600_000;
/** So often others may need the machine in the middle of a trial of the same image. */
const MOST_TRIES = 3;

/** One trial at a time, whenever there is an image for it and nothing else to do. */
export class HotTrials {
  readonly #options: Options;
  /** keys of images that have a pack, or are left alone until the server starts again */
  readonly #done = new Set<string>();
  /** trials that were disturbed, by key */
  readonly #disturbed = new Map<string, number>();
  #trial: Trial | undefined;
  #unableUntil = 0;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
    const { publisher, machines } = options;
    publisher.on('hot-trials', ['boot'], (boot) => this.#heard(boot), { hearsTrials: true });
    machines.makeRoomBy((mac) => this.#makeRoom(mac));
  }

  /** Boots an image if there is one for it, and this is the moment; resolves when that is over. */
  async look(): Promise<void> {
    const { when, candidates, moment } = this.#options;
    if (this.#isStopped || when === 'never' || performance.now() < this.#unableUntil) return;
    const all = await candidates(this.#done);
    for (const { key, hasPack } of all) if (hasPack) this.#done.add(key);
    const next = nextTrial(all);
    if (next === undefined || !isRightMoment(moment(), when)) return;
    await this.#try(next);
  }

  /** Ends what is under way; nothing is begun any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#disturb();
  }

  async #try({ image, key }: Candidate): Promise<void> {
    const { complaint, onGivenUp, packs } = this.#options;
    const device = await this.#newDevice(image, key);
    if (device === undefined) return;
    if ((await complaint(device)) !== undefined) {
      this.#unableUntil = performance.now() + UNABLE_MS;
      return;
    }
    if (this.#isStopped) return;
    const reason = await this.#run(device, key).then(
      (outcome) => this.#reasonOf(outcome, key),
      messageOf,
    );
    if (reason === undefined) return;
    const hasPack = (await packs.of(key)).some(({ model }) => model === TRIAL_MODEL);
    this.#done.add(key);
    if (!hasPack) onGivenUp(image, reason);
  }

  /** Why there is no further trial of the image; undefined where there may be one. */
  #reasonOf(outcome: Outcome, key: string): string | undefined {
    if (outcome === 'late') return 'it was not up after ten minutes';
    if (outcome === 'booted') return 'nothing was recorded of its boot';
    const times = (this.#disturbed.get(key) ?? 0) + 1;
    this.#disturbed.set(key, times);
    return times < MOST_TRIES ? undefined : 'others needed the machine each time';
  }

  /** @throws {WaltError} where the machine cannot be powered on */
  async #run(device: Device, key: string): Promise<Outcome> {
    const { registry, machines, packs, longest = LONGEST_MS } = this.#options;
    const { mac } = device;
    const ended = Promise.withResolvers<Outcome>();
    const gone = Promise.withResolvers<void>();
    let isDisturbed = false;
    const end = (outcome: Outcome) => {
      isDisturbed ||= outcome === 'disturbed';
      ended.resolve(outcome);
    };
    this.#trial = { mac, key, end, gone: gone.promise };
    const timer = setTimeout(end, longest, 'late');
    try {
      await registry.change(mac, () => device);
      if (isDisturbed) return 'disturbed';
      await machines.add(mac);
      const outcome = await ended.promise;
      if (outcome === 'booted') await packs.settled();
      return outcome;
    } catch (reason) {
      if (isDisturbed) return 'disturbed';
      throw reason;
    } finally {
      clearTimeout(timer);
      await machines.remove(mac).finally(() => registry.change(mac, () => undefined));
      this.#trial = undefined;
      gone.resolve();
    }
  }

  async #newDevice(image: string, root: string): Promise<Device | undefined> {
    const { newMac, reserveAddress, clock } = this.#options;
    const mac = newMac();
    const ip = await reserveAddress(mac);
    if (ip === undefined) return undefined;
    const now = clock();
    return {
      ...{ mac, ip, name: trialName(mac), type: 'node', model: TRIAL_MODEL, image, root },
      // It has an export from the start.
      ...{ firstSeen: now, firstFile: now },
      ...{ settings: { ram: MEMORY }, machine: { isOff: false }, isTrial: true },
    };
  }

  #heard({
    mac,
    state,
    attempt,
  }: {
    readonly mac: string;
    readonly state: string;
    readonly attempt?: number;
  }): void {
    const trial = this.#trial;
    if (trial === undefined) return;
    if (mac === trial.mac) {
      if (state === 'booted') trial.end('booted');
      return;
    }
    const node = this.#options.registry.byMac(mac);
    // A boot of a real node teaches more: it is alone from now on.
    if (attempt !== undefined && isNode(node) && node.root === trial.key) void this.#disturb();
  }

  async #makeRoom(mac: string): Promise<void> {
    if (this.#trial?.mac !== mac) await this.#disturb();
  }

  /** The machine is forgotten at once, and gone when the promise resolves. */
  async #disturb(): Promise<void> {
    const trial = this.#trial;
    if (trial === undefined) return;
    trial.end('disturbed');
    await this.#options.registry.change(trial.mac, () => undefined);
    await trial.gone;
  }
}
