// The user ID that the files of an owner have on the server, whoever writes them on a node: one for each owner, for good.
import { WaltError } from '../errors.ts';
import { textOf } from '../host/files/text-of.ts';
import { writeWholeFile } from '../host/files/whole-file.ts';
import { inTurn } from '../host/queues/in-turn.ts';

/** Neither Debian's users nor systemd's containers have IDs from here to 2^31 - 1 (systemd, "Users, Groups, UIDs and GIDs"). */
const FIRST_ID = 1_879_048_192;

/** Gives each owner an ID that nobody had before. */
export class OwnerIds {
  readonly #file: string;
  readonly #alone = inTurn();

  /** @param file where they are kept */
  constructor(file: string) {
    this.#file = file;
  }

  /** @throws {WaltError} if the file was damaged, or {Error} of node:fs if it cannot be written */
  idOf(owner: string): Promise<number> {
    return this.#alone(async () => {
      const owners = this.#owners(await textOf(this.#file));
      const known = owners.indexOf(owner);
      if (known >= 0) return FIRST_ID + known;
      await writeWholeFile(this.#file, `${JSON.stringify([...owners, owner])}\n`);
      return FIRST_ID + owners.length;
    });
  }

  #owners(text: string): readonly string[] {
    if (text === '') return [];
    const damaged = `Cannot tell whose files are kept: ${this.#file} is damaged. Restore it from a backup`;
    try {
      const read: unknown = JSON.parse(text);
      if (Array.isArray(read) && read.every((each) => typeof each === 'string')) return read;
    } catch (cause) {
      throw new WaltError(damaged, { cause });
    }
    throw new WaltError(damaged);
  }
}
