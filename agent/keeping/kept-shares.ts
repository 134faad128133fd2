// What nodes keep on the server: a disk for each owner and node, below the server's state.
//
//   <state>/persist/owners.json              whose user ID is which
//   <state>/persist/<owner>/<MAC>.disk       the disk
//   <state>/persist/<owner>/<MAC>/files      what the node mounts: not there while the disk is not mounted
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../host/folders/private-folder.ts';
import { type Mounter, ownMounter } from '../host/mounting/mounter.ts';
import { inTurn } from '../host/queues/in-turn.ts';
import { type NodeShare, SHARE_FILES } from '../nfs/export.ts';
import type { KeptShare } from './kept-share.ts';
import { OwnerIds } from './owner-ids.ts';
import { isThere, makeShareDisk, mountShareDisk, removeShareDisk } from './share-disk.ts';

/** Makes, mounts and removes shares. */
export class KeptShares {
  readonly #folder: string;
  readonly #bytes: number;
  readonly #mounter: Mounter;
  readonly #ids: OwnerIds;
  readonly #alone = inTurn();

  /** @param folder of their own, made where it is missing. @param bytes size of a share that is made from now on */
  constructor(
    folder: string,
    { bytes, mounter = ownMounter }: { readonly bytes: number; readonly mounter?: Mounter },
  ) {
    this.#folder = folder;
    this.#bytes = bytes;
    this.#mounter = mounter;
    this.#ids = new OwnerIds(join(folder, 'owners.json'));
  }

  /**
   * Makes the share where it is missing, and mounts its disk.
   * @returns what the NFS server is to give to the node
   * @throws {WaltError} with the reason, as that the server's disk is full
   */
  open(share: KeptShare): Promise<NodeShare> {
    return this.#alone(() => this.#open(share));
  }

  /** Whose files a device keeps, in the order of the alphabet. */
  ownersOf(mac: string): Promise<string[]> {
    return this.#alone(async () => {
      const owners: string[] = [];
      for (const owner of await this.#owners()) {
        if (await isThere(this.#placesOf({ owner, mac }).file)) owners.push(owner);
      }
      return owners;
    });
  }

  /** Removes what a device kept, of all owners. It has no export by then. */
  remove(mac: string): Promise<void> {
    return this.#alone(async () => {
      for (const owner of await this.#owners()) {
        await removeShareDisk({ ...this.#placesOf({ owner, mac }), mounter: this.#mounter });
      }
    });
  }

  async #owners(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((each) => each.isDirectory());
    return folders.map(({ name }) => name).toSorted();
  }

  async #open(share: KeptShare): Promise<NodeShare> {
    const { file, place } = this.#placesOf(share);
    await makePrivateFolder(this.#folder);
    await mkdir(place, { recursive: true, mode: 0o700 });
    const uid = await this.#ids.idOf(share.owner);
    await makeShareDisk(file, this.#bytes);
    await mountShareDisk({ file, place, mounter: this.#mounter }, uid);
    return { path: join(place, SHARE_FILES), disk: place, uid };
  }

  #placesOf({ owner, mac }: KeptShare): { readonly file: string; readonly place: string } {
    const place = join(this.#folder, owner, mac);
    return { place, file: `${place}.disk` };
  }
}
