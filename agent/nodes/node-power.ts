// Reboots nodes and switches their power: the running system is asked, or the power driver of each node does it.
import type { BootBook } from '../boots/boot-book.ts';
import type { Node } from '../devices/device.ts';
import { messageOf, WaltError } from '../errors.ts';
import type { Publish } from '../events/publisher.ts';
import { atOnce } from '../host/queues/at-once.ts';
import { Slots } from '../host/queues/slots.ts';
import type { Cycles } from '../power/cycles.ts';
import type { PowerDriver, PowerState, PowerVerb } from '../power/driver.ts';
import { driverNameOf, type PowerDrivers, targetOf } from '../power/drivers.ts';
import { Retries } from '../power/retries.ts';
import type { Asking } from './node-actions.ts';
import { refuseThoseOfOthers } from './ownership.ts';
import { refusePoweredOff } from './powered-off.ts';
import type { Asleep } from './saving/asleep.ts';

type Options = {
  /** @throws {RequestError} if there is no such node */
  readonly node: (name: string) => Node;
  readonly boots: Pick<BootBook, 'statusOf'>;
  readonly publish: Publish;
  readonly drivers: PowerDrivers;
  /** sends a command to the net service of a node; throws if it did not obey */
  readonly command: (ip: string, command: 'REBOOT') => Promise<void>;
  /** those that are switched off to save power */
  readonly asleep: Pick<Asleep, 'has' | 'add' | 'remove'>;
  /** those whose power is between off and on */
  readonly cycles: Pick<Cycles, 'left' | 'end'>;
  /** undefined where there is none any more */
  readonly nodeOf: (mac: string) => Node | undefined;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

/** `error` is null of a node that was rebooted. */
export type RebootResult = { readonly name: string; readonly error: string | null };

/** `error` is null where it was done. `state` is what `status` has found, and null with any other verb. */
export type PowerResult = RebootResult & { readonly state: PowerState | null };

/** A verb that changes something. */
type Switching = Exclude<PowerVerb, 'status'>;

/** Questions to running systems that are open at once. */
const MOST_ASKED = 256;
/** Requests of one driver that are under way at once: each may be a program that runs. */
const MOST_SWITCHED = 16;
/** Their switches have turns of their own: a slow one has its nodes wait, and not those of others. */
const UNLIMITED: ReadonlySet<string> = new Set(['poe']);

/** What people do with the power of nodes. */
export class NodePower {
  readonly #options: Options;
  /** MACs whose power is being switched */
  readonly #busy = new Set<string>();
  /** by MAC */
  readonly #waking = new Map<string, Promise<void>>();
  /** by MAC */
  readonly #sleeping = new Map<string, Promise<void>>();
  readonly #retries = new Retries();
  /** by driver */
  readonly #slots = new Map<string, Slots>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Results as they come, in no order.
   * @param asking isHard: by the power driver, without asking the system
   * @throws {RequestError} at once, if a name is of no node, or of another user's; then none is rebooted
   */
  reboot(
    names: readonly string[],
    { by, takesOthers, isHard }: Asking & { readonly isHard: boolean },
  ): AsyncGenerator<RebootResult> {
    const nodes = this.#nodes(names, { by, takesOthers });
    const work = isHard ? this.#rebootHard : this.#rebootSoft;
    return atOnce(nodes, MOST_ASKED, async (node) => {
      this.#options.publish([{ kind: 'reboot-asked', node: node.name, by, isHard }]);
      // A node without power begins its next boot when it gets some.
      const isAsleep = this.#options.asleep.has(node.mac);
      return {
        name: node.name,
        error: await errorOf(() => (isAsleep ? this.wake(node) : work(node))),
      };
    });
  }

  /**
   * Results as they come, in no order.
   * @throws {RequestError} at once, if a name is of no node, or, unless the verb is `status`, of another user's
   */
  power(verb: PowerVerb, names: readonly string[], asking: Asking): AsyncGenerator<PowerResult> {
    const nodes = this.#nodes(names, verb === 'status' ? { ...asking, takesOthers: true } : asking);
    return atOnce(nodes, MOST_ASKED, async (node) => {
      const { name } = node;
      if (verb === 'status') {
        return await this.#inSlot(node, () => statusOf(node, this.#driverOf(node)));
      }
      this.#options.publish([{ kind: 'power-asked', node: name, verb, by: asking.by }]);
      const cause = verb === 'off' ? 'power off requested' : 'power cycle requested';
      const error = await errorOf(() => this.#switchFor(node, verb, cause));
      return { name, error, state: null };
    });
  }

  /** Whether the power of a node can be switched. */
  canSwitch(node: Node): boolean {
    return this.#driverOf(node).canSwitch;
  }

  /** The server cycles the power of a node that does not come up. @throws {WaltError} with the reason, for a person */
  async cycleUnasked(node: Node): Promise<void> {
    await this.#switch(node, 'cycle', 'it did not come up');
  }

  /**
   * Switches a node off to save power. On disk before its power goes, so that whoever starts next knows that it is to be woken.
   * @throws {WaltError} with the reason, for a person; then the node is as it was
   */
  async sleep(node: Node): Promise<void> {
    const { mac } = node;
    const begun = this.#sleep(node).finally(() => this.#sleeping.delete(mac));
    this.#sleeping.set(mac, begun);
    await begun;
  }

  async #sleep(node: Node): Promise<void> {
    const { asleep, clock } = this.#options;
    await asleep.add(node.mac, clock());
    await this.#switch(node, 'off', 'power saving').catch(async (reason: unknown) => {
      // What switches it may have obeyed, and its answer was lost: then the node is off, and is to be woken.
      const { state } = await statusOf(node, this.#driverOf(node));
      if (state === 'off') return;
      await asleep.remove(node.mac);
      throw reason;
    });
  }

  /** Gives a node its power again that was switched off to save power; of any other one nothing is done. @throws {WaltError} */
  async wake(node: Node): Promise<void> {
    const { mac } = node;
    const running = this.#waking.get(mac);
    if (running !== undefined) return await running;
    if (!this.#options.asleep.has(mac)) return;
    const begun = this.#wake(node).finally(() => this.#waking.delete(mac));
    this.#waking.set(mac, begun);
    await begun;
  }

  async #wake(node: Node): Promise<void> {
    // Somebody wants it in the moment in which it is switched off.
    await this.#sleeping.get(node.mac)?.catch(() => undefined);
    if (!this.#options.asleep.has(node.mac)) return;
    await this.#switch(node, 'on', '');
    await this.#options.asleep.remove(node.mac);
  }

  /**
   * Gives power to machines whose cycle was broken off: the server ended within it, or what gives the power did not answer. Each that
   * fails is tried again later and later.
   */
  async mend(): Promise<{ readonly text: string; readonly error: string | null }[]> {
    const { cycles, nodeOf, clock } = this.#options;
    const found: { text: string; error: string | null }[] = [];
    this.#retries.keepOnly(cycles.left());
    for (const mac of cycles.left()) {
      const node = nodeOf(mac);
      if (node === undefined) await cycles.end(mac);
      if (node === undefined || this.#busy.has(mac) || !this.#retries.isDue(mac, clock())) continue;
      const error = await errorOf(() => this.#switch(node, 'on', ''));
      this.#retries.note(mac, { at: clock(), isDone: error === null });
      found.push({ text: `power of node ${node.name}`, error });
    }
    return found;
  }

  #inSlot<Result>(node: Node, work: () => Promise<Result>): Promise<Result> {
    const driver = driverNameOf(node);
    if (UNLIMITED.has(driver)) return work();
    const slots = this.#slots.get(driver) ?? new Slots(MOST_SWITCHED);
    this.#slots.set(driver, slots);
    return slots.use(work);
  }

  #nodes(names: readonly string[], { by, takesOthers }: Asking): Node[] {
    const nodes = [...new Set(names.map((name) => this.#options.node(name)))];
    if (!takesOthers) refuseThoseOfOthers(nodes, by);
    return nodes;
  }

  #driverOf(node: Node): PowerDriver {
    return this.#options.drivers[driverNameOf(node)];
  }

  #rebootSoft = async (node: Node): Promise<void> => {
    const { name, ip, mac } = node;
    const { publish, command } = this.#options;
    refusePoweredOff(node);
    try {
      await command(ip, 'REBOOT');
    } catch (reason) {
      if (!this.#driverOf(node).canSwitch) throw reason;
      const hint = `walt node reboot ${name} --hard does it by its power`;
      throw new WaltError(`${messageOf(reason)} (${hint})`, { cause: reason });
    }
    const signal = { kind: 'down', cause: 'reboot requested', method: 'soft' } as const;
    publish([{ kind: 'signal', mac, signal }]);
  };

  #rebootHard = (node: Node): Promise<void> => this.#switch(node, 'cycle', 'reboot requested');

  async #switchFor(node: Node, verb: Switching, cause: string): Promise<void> {
    const { asleep } = this.#options;
    if (!asleep.has(node.mac)) return await this.#switch(node, verb, cause);
    // Off it is, and now because somebody wants it so: nobody else's wish wakes it.
    if (verb === 'off') return await asleep.remove(node.mac);
    await this.wake(node);
  }

  async #switch(node: Node, verb: Switching, cause: string): Promise<void> {
    const { mac } = node;
    if (this.#busy.has(mac)) throw new WaltError('its power is being switched already');
    this.#busy.add(mac);
    try {
      const { since } = this.#options.boots.statusOf(mac);
      await this.#inSlot(node, () => this.#driverOf(node)[verb](targetOf(node)));
      // Whatever driver had begun a cycle: its node may have another one by now.
      await this.#options.cycles.end(mac);
      if (verb !== 'on') this.#tellDown(mac, { since, cause });
    } finally {
      this.#busy.delete(mac);
    }
  }

  /** A slow driver may return when the node boots again: then the boot that ended is over already. */
  #tellDown(
    mac: string,
    { since, cause }: { readonly since: number | undefined; readonly cause: string },
  ): void {
    const { boots, publish } = this.#options;
    if (boots.statusOf(mac).since !== since) return;
    publish([{ kind: 'signal', mac, signal: { kind: 'down', cause, method: 'hard' } }]);
  }
}

async function statusOf(node: Node, driver: PowerDriver): Promise<PowerResult> {
  const { name } = node;
  try {
    return { name, error: null, state: await driver.status(targetOf(node)) };
  } catch (reason) {
    return { name, error: messageOf(reason), state: null };
  }
}

async function errorOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (reason) {
    return messageOf(reason);
  }
}
