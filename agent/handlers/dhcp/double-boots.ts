// A boot loader speaks in the name of a node that is up. The machine may have lost its power: then nobody answers for its
// address, since a loader asks for one first. Where somebody does, there are two machines, or a forger.
import type { BootRequest, Speaker } from '../../boot/request.ts';
import { type Device, isNode, type Node } from '../../devices/device.ts';
import type { ServerEvent } from '../../events/event.ts';

type Options = {
  /** whether the node holds its connection that says that it is up */
  readonly isBooted: (mac: string) => boolean;
  /** whether the machine answers ARP for its address at this moment */
  readonly answers: (ip: string, mac: string) => Promise<boolean>;
  /** milliseconds */
  readonly now: () => number;
};

/** After so long without a packet the next one is news again. */
const QUIET_MS = 600_000;

/** Tells a node that begins anew from a machine that has its MAC. */
export class DoubleBoots {
  readonly #options: Options;
  /** by MAC of a node, when the other machine last spoke */
  readonly #heard = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether there is anything to check of a packet that a machine with the MAC of this device sent. */
  isDoubtful(speaker: Speaker, device: Device | undefined): device is Node {
    return speaker !== 'system' && isNode(device) && this.#options.isBooted(device.mac);
  }

  /**
   * @returns what there is to say of a packet that is of another machine than the node, and is to have no effect; undefined
   * for all others
   */
  async check(
    { mac, speaker }: BootRequest,
    device: Device | undefined,
  ): Promise<readonly ServerEvent[] | undefined> {
    const { isBooted, answers, now } = this.#options;
    if (!this.isDoubtful(speaker, device)) return undefined;
    if (!(await answers(device.ip, mac)) || !isBooted(mac)) return undefined;
    const before = this.#heard.get(mac) ?? Number.NEGATIVE_INFINITY;
    this.#heard.set(mac, now());
    return now() - before < QUIET_MS ? [] : [{ kind: 'double-boot', node: device }];
  }
}
