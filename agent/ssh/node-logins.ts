// Ways into nodes: whose they are is checked, then their host keys are laid out for ssh(1).
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node } from '../devices/device.ts';
import { RequestError } from '../errors.ts';
import type { Identities } from '../identities/identities.ts';
import type { Asking } from '../nodes/node-actions.ts';
import { type OwnerChange, ownerChange, refuseThoseOfOthers } from '../nodes/ownership.ts';
import { refusePoweredOff } from '../nodes/powered-off.ts';
import { SSH_FAILED, sshComplaint } from './complaint.ts';
import { type SshAim, sshCommand } from './ssh-command.ts';

type Options = {
  /** @throws {RequestError} if there is no such node */
  readonly node: (name: string) => Node;
  readonly identities: Pick<Identities, 'knownHostsFile'>;
  /** of the server */
  readonly keyFile: string;
  /** for what ssh says; what a killed server left there is removed by others */
  readonly folder: string;
  /** where nodes listen for ssh; 22 unless told */
  readonly port?: number | undefined;
  /** wakes a node that is switched off to save power; what it gives is kept for as long as somebody is in the node */
  readonly enter?: (node: Node) => Promise<Disposable>;
};

/** A node that may be entered. */
export type NodeLogin = AsyncDisposable & {
  /** aborts where the node has another owner; its reason is an error that says so */
  readonly left: AbortSignal;
  /** argv of ssh(1) */
  readonly command: (aim: SshAim) => string[];
  /** Why ssh could not do it; undefined where the program on the node ended so itself. */
  readonly failure: (status: number | null) => Promise<string | undefined>;
};

type Visit = {
  readonly mac: string;
  readonly user: string;
  readonly left: AbortController;
};

/** Who may enter which node, and how. */
export class NodeLogins {
  readonly #options: Options;
  readonly #visits = new Set<Visit>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The nodes that somebody means to enter: theirs, and free ones.
   * @throws {RequestError} if a name is of no node, or of another user's; then none is entered
   */
  nodes(names: readonly string[], { by, takesOthers }: Asking): Node[] {
    const nodes = [...new Set(names.map((name) => this.#options.node(name)))];
    if (!takesOthers) refuseThoseOfOthers(nodes, by);
    return nodes;
  }

  /** @throws {RequestError} as `nodes` */
  node(name: string, asking: Asking): Node {
    this.nodes([name], asking);
    return this.#options.node(name);
  }

  /** The node is another user's, or nobody's any more: whoever is in there has to leave, but for its new owner. */
  ownerChanged({ name, mac }: Pick<Node, 'name' | 'mac'>, change: OwnerChange): void {
    for (const { left, ...visit } of this.#visits) {
      if (visit.mac === mac && visit.user !== change.owner) left.abort(leftBy(name, change));
    }
  }

  /**
   * @param user who enters it
   * @throws {RequestError} if the server does not know the host key of the node, if it is powered off, or has another owner by now
   */
  async open(node: Node, user: string): Promise<NodeLogin> {
    const { identities, keyFile, folder, port, enter } = this.#options;
    const { name, ip, mac } = node;
    // Where many nodes wait for their turn, it may be long since their owners were looked at.
    const now = this.#options.node(name);
    const change = ownerChange(node, now);
    if (change !== undefined && change.owner !== user) throw leftBy(name, change);
    refusePoweredOff(now);
    const left = new AbortController();
    const visit = { mac, user, left };
    this.#visits.add(visit);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => void this.#visits.delete(visit));
    const knownHosts = await identities.knownHostsFile(mac);
    if (knownHosts === undefined) {
      throw new RequestError(
        409,
        `Cannot enter ${name}: it has never asked the server for a host key, so that nothing would tell it from another machine. It gets one when it boots (walt help show access)`,
      );
    }
    const awake = await enter?.(node);
    const log = join(folder, `ssh-${randomUUID()}.log`);
    const login = { ip, mac, port, keyFile, knownHosts, log };
    const said = () => readFile(log, 'utf8').catch(() => '');
    undo.move();
    return {
      left: left.signal,
      command: (aim) => sshCommand(login, aim),
      failure: async (status) =>
        status === SSH_FAILED ? sshComplaint(await said(), node) : undefined,
      // What ssh said is of no use to anybody later.
      [Symbol.asyncDispose]: async () => {
        awake?.[Symbol.dispose]();
        this.#visits.delete(visit);
        await rm(log, { force: true });
      },
    };
  }
}

function leftBy(name: string, { text }: OwnerChange): RequestError {
  return new RequestError(409, `Ended by the server: node ${name} ${text}.`, { code: 'of-others' });
}
