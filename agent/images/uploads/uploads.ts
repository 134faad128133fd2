// Files and folders that callers on other machines send, for calls that take something of the server's disk. They are gone once a
// call has used them.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../../errors.ts';
import { type Upload, writeUpload } from './write-upload.ts';

type Options = {
  /** of all uploads */
  readonly folder: string;
  /** that come or are there */
  readonly most: number;
  /** @param whose share is used up: a user, or `it` where there is no place at all */
  readonly onFull?: (whose: string) => void;
  /** milliseconds of a steady clock */
  readonly now: () => number;
};

type Kept = {
  readonly user: string;
  readonly path: string | undefined;
  since: number;
  holds: number;
};

/** Whose it is. */
export type UploadOwner = {
  readonly user: string;
  /** so many of theirs may come or wait; as many as of all without it */
  readonly mostOfUser?: number;
};

/** An upload that is being used. */
export type HeldUpload = {
  readonly path: string;
  /** @param how.isKept another call is to use it; without it, it is removed */
  readonly release: (how?: { readonly isKept?: boolean }) => Promise<void>;
};

/** Who sends something uses it soon. */
const KEEP_MS = 3_600_000;

/** Those of one server. */
export class Uploads {
  readonly #options: Options;
  readonly #kept = new Map<string, Kept>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Writes what comes, until its end. Of what breaks off nothing is left.
   * @returns its id, for `hold`
   * @throws {RequestError} if there are too many, the disk is full, or it is not what it should be
   */
  async take(upload: Upload & UploadOwner): Promise<string> {
    const { folder, most, now, onFull } = this.#options;
    if (this.#kept.size >= most) {
      onFull?.('it');
      const reason = `${most} are there that no call has used yet. Try again later`;
      throw new RequestError(503, `Cannot take another upload: ${reason}.`);
    }
    const id = randomUUID();
    const { user, mostOfUser = most } = upload;
    if ([...this.#kept.values()].filter((one) => one.user === user).length >= mostOfUser) {
      onFull?.(user);
      const reason = `${mostOfUser} of yours come, or were not used yet, which is the share of a user`;
      throw new RequestError(429, `Cannot take another upload: ${reason}.`, {
        code: 'share-taken',
      });
    }
    const kept = { user, since: now(), holds: 0 };
    this.#kept.set(id, { ...kept, path: undefined });
    const place = join(folder, id);
    try {
      await mkdir(place, { recursive: true, mode: 0o700 });
      const path = await writeUpload(place, upload);
      this.#kept.set(id, { ...kept, path, since: now() });
      return id;
    } catch (reason) {
      await this.#remove(id);
      throw reason;
    }
  }

  /** @throws {RequestError} if the user has no such upload */
  hold(id: string, user: string): HeldUpload {
    const kept = this.#kept.get(id);
    if (kept?.path === undefined || kept.user !== user) {
      const reason = 'it was used or given up already, or is of another user';
      throw new RequestError(404, `There is no upload '${id}' of yours: ${reason}.`);
    }
    kept.holds += 1;
    const release: HeldUpload['release'] = async ({ isKept = false } = {}) => {
      kept.holds -= 1;
      kept.since = this.#options.now();
      if (!isKept && kept.holds === 0) await this.#remove(id);
    };
    return { path: kept.path, release };
  }

  /** Gives up those that nobody used for an hour. */
  async removeOld(): Promise<void> {
    const before = this.#options.now() - KEEP_MS;
    for (const [id, { path, since, holds }] of this.#kept) {
      if (path !== undefined && holds === 0 && since < before) await this.#remove(id);
    }
  }

  async #remove(id: string): Promise<void> {
    await rm(join(this.#options.folder, id), { recursive: true, force: true });
    this.#kept.delete(id);
  }
}
