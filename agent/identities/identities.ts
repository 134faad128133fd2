// The identities of all nodes, a file for each in the server's state. A boot is given its identity once: what asks
// later in the same boot may be anything that runs on the node.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../host/files/whole-file.ts';
import { makePrivateFolder } from '../host/folders/private-folder.ts';
import { isMac } from '../protocol/mac.ts';
import { type Identity, newIdentity } from './identity.ts';
import { readIdentity, writeIdentity } from './identity-file.ts';

const SUFFIX = '.json';
/** Made anew of the identity whenever it is asked for. */
const KNOWN_HOSTS = '.known_hosts';

/** Makes, gives and forgets identities. */
export class Identities {
  readonly #folder: string;
  /** the boots that ask at this moment, or were given one: a second question may come while the disk works */
  readonly #given = new Map<string, number>();
  /** files of known hosts are written one after the other */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param folder of their own, made where it is missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Makes the folder private, and forgets the identities of devices that are not known any more.
   * @throws {Error} of node:fs
   */
  async open(isKnown: (mac: string) => boolean): Promise<void> {
    await makePrivateFolder(this.#folder);
    for (const name of await readdir(this.#folder)) {
      const isOne = name.endsWith(SUFFIX) && isKnown(name.slice(0, -SUFFIX.length));
      if (!isOne) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  /**
   * The identity of a node, which is made where it has none.
   * @param boot number of the boot that asks
   * @returns undefined where this boot has been given it already
   * @throws {WaltError} if the file was damaged, or {Error} of node:fs where the disk did not take that it was given
   */
  async give(mac: string, boot: number): Promise<Identity | undefined> {
    if (!isMac(mac)) throw new TypeError(`Cannot give an identity to ${JSON.stringify(mac)}`);
    if (this.#given.get(mac) === boot) return undefined;
    this.#given.set(mac, boot);
    try {
      return await this.#take(mac, boot);
    } catch (reason) {
      // Nobody was given anything.
      this.#given.delete(mac);
      throw reason;
    }
  }

  async #take(mac: string, boot: number): Promise<Identity | undefined> {
    const kept = await readIdentity(this.#fileOf(mac));
    if (kept?.boot === boot) return undefined;
    const given = { ...(kept ?? newIdentity(mac)), boot };
    await writeIdentity(this.#fileOf(mac), given);
    return given;
  }

  /**
   * A file in the format of sshd(8), SSH_KNOWN_HOSTS, with the host key of one node, under its MAC.
   * @returns its path; undefined where the node was never given an identity
   * @throws {WaltError} if the identity was damaged
   */
  async knownHostsFile(mac: string): Promise<string | undefined> {
    const kept = await readIdentity(this.#fileOf(mac));
    if (kept === undefined) return undefined;
    const path = join(this.#folder, `${mac}${KNOWN_HOSTS}`);
    const write = () => writeWholeFile(path, `${mac} ${kept.publicKey}\n`);
    const written = this.#turn.then(write);
    this.#turn = written.catch(() => undefined);
    await written;
    return path;
  }

  /** The device is no longer known: should it come again, it is another machine. */
  async forget(mac: string): Promise<void> {
    this.#given.delete(mac);
    await rm(this.#fileOf(mac), { force: true });
    await rm(join(this.#folder, `${mac}${KNOWN_HOSTS}`), { force: true });
  }

  #fileOf(mac: string): string {
    return join(this.#folder, `${mac}${SUFFIX}`);
  }
}
