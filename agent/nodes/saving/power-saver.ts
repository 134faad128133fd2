// Switches off free nodes that nobody has used for long, and wakes them when somebody wants them. Off by default: a node that is
// woken takes as long as its boot does.
import type { BootBook } from '../../boots/boot-book.ts';
import { isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf, WaltError } from '../../errors.ts';
import type { Publisher } from '../../events/publisher.ts';
import type { Clock } from '../../host/clock/clock.ts';
import type { NodeActions } from '../node-actions.ts';
import type { NodePower } from '../node-power.ts';
import { isFree } from '../ownership.ts';
import type { Asleep } from './asleep.ts';
import type { Uses } from './uses.ts';

type Options = {
  readonly registry: Pick<Registry, 'all' | 'byName'>;
  readonly boots: Pick<BootBook, 'statusOf'>;
  readonly publisher: Pick<Publisher, 'publish' | 'on'>;
  readonly clock: Clock;
  /** `power.offAfterMinutes` as it is now: 0 where no node is switched off */
  readonly minutes: () => number;
  readonly power: Pick<NodePower, 'canSwitch' | 'sleep' | 'wake'>;
  readonly actions: Pick<NodeActions, 'wait'>;
  readonly asleep: Pick<Asleep, 'has' | 'remove'>;
  readonly uses: Uses;
};

const MINUTE = 60_000_000;
/** Who enters a node that has to be woken waits for it so long. */
const MOST_WAIT_MS = 300_000;

/** What people do with a node counts as its use. */
const OF_PEOPLE = ['image-chosen', 'local-start-chosen', 'reboot-asked', 'power-asked'] as const;

/** Saves power. */
export class PowerSaver {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    const { publisher, registry, uses, asleep } = options;
    publisher.on('saving', [...OF_PEOPLE], ({ node }) => {
      const { mac } = registry.byName(node) ?? {};
      if (mac !== undefined) uses.note(mac);
    });
    publisher.on('saving', ['configured'], ({ device }) => uses.note(device.mac));
    // Somebody has turned it on by hand, or it was not off.
    publisher.on('saving', ['boot'], async ({ mac, state }) => {
      if (state !== 'down') await asleep.remove(mac);
    });
    publisher.on('saving', ['clock-set'], ({ by }) => uses.shift(by));
    publisher.on('saving', ['forgotten'], ({ device }) => asleep.remove(device.mac));
  }

  /** Switches off what nobody has used for long. */
  async look(): Promise<void> {
    for (const node of this.#unused()) {
      // It may be used meanwhile.
      if (!this.#isUnused(node)) continue;
      await this.#switchOff(node);
    }
  }

  /**
   * Somebody wants these nodes: those that were switched off get their power again.
   * @throws {WaltError} with the first reason why one does not, when all were tried
   */
  async wake(nodes: readonly Node[]): Promise<void> {
    const { uses, power } = this.#options;
    for (const { mac } of nodes) uses.note(mac);
    const ends = await Promise.allSettled(nodes.map((node) => power.wake(node)));
    const at = ends.findIndex(({ status }) => status === 'rejected');
    const failed = ends[at];
    if (failed?.status !== 'rejected') return;
    const why = messageOf(failed.reason);
    throw new WaltError(
      `${nodes[at]?.name} was switched off to save power, and cannot be woken: ${why}`,
    );
  }

  /** Somebody works on the node until the result is disposed of. It is up when the promise resolves, where it was asleep. */
  async enter(node: Node): Promise<Disposable> {
    const { asleep, uses, actions } = this.#options;
    using held = new DisposableStack();
    held.use(uses.hold(node.mac));
    if (asleep.has(node.mac)) {
      await this.wake([node]);
      const signal = AbortSignal.timeout(MOST_WAIT_MS);
      const missing = await actions.wait([node.name], { timeoutMs: MOST_WAIT_MS, signal });
      if (missing.length > 0) {
        throw new WaltError(
          `${node.name} was switched off to save power, was woken, and is not up after ${MOST_WAIT_MS / 1000} s`,
        );
      }
    }
    return held.move();
  }

  #unused(): Node[] {
    if (this.#options.minutes() === 0) return [];
    return this.#options.registry.all().filter(isNode).filter(this.#isUnused);
  }

  #isUnused = (node: Node): boolean => {
    const { boots, clock, minutes, power, asleep, uses } = this.#options;
    const limit = minutes();
    const { state, since = 0 } = boots.statusOf(node.mac);
    // Virtual nodes are the server's own, and one that does not come up is for healing.
    const isMeant = isFree(node) && node.machine === undefined;
    if (limit === 0 || !isMeant || state !== 'booted' || asleep.has(node.mac)) return false;
    if (node.bootsLocal === true || !power.canSwitch(node)) return false;
    return clock() - Math.max(uses.lastOf(node.mac), since) >= limit * MINUTE;
  };

  async #switchOff(node: Node): Promise<void> {
    const { power, publisher, uses, minutes } = this.#options;
    const { name } = node;
    try {
      await power.sleep(node);
      publisher.publish([{ kind: 'power-saved', node: name, minutes: minutes(), error: null }]);
    } catch (reason) {
      // It is tried again when it has been unused for as long again.
      uses.note(node.mac);
      const error = messageOf(reason);
      publisher.publish([{ kind: 'power-saved', node: name, minutes: minutes(), error }]);
    }
  }
}
