// What the server knows of devices and nobody is shown: passwords of switches and of what switches power. A file for each device,
// which root alone may read.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WaltError } from '../errors.ts';
import { writeWholeFile } from '../host/files/whole-file.ts';
import { makePrivateFolder } from '../host/folders/private-folder.ts';
import { isMac } from '../protocol/mac.ts';

/** By what the server proves to a device who it is. */
export type Secret = {
  /** an account; empty where a password alone is asked for, as a community of SNMP */
  readonly user: string;
  readonly password: string;
  /** second passphrase, of the encryption of SNMP 3; empty where there is none */
  readonly privacy: string;
};

/** As it is kept. */
export type KeptSecret = Secret & {
  /** what it was given for: no other one is told it. Empty for what the device itself is asked by */
  readonly purpose: string;
};

/** The secrets of devices, by their MACs. */
export class Secrets {
  readonly #folder: string;

  /** @param folder of their own, made where it is missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** undefined where none was given. @throws {WaltError} if the file is damaged */
  async of(mac: string): Promise<KeptSecret | undefined> {
    const path = this.#fileOf(mac);
    const text = await readFile(path, 'utf8').catch((reason: NodeJS.ErrnoException) => {
      if (reason.code === 'ENOENT') return undefined;
      throw reason;
    });
    if (text === undefined) return undefined;
    const secret = parsed(text);
    if (secret !== undefined) return secret;
    // What the file holds is not said.
    throw new WaltError(`${path} is damaged. Delete it, and give the credentials again`);
  }

  /** On disk when the promise resolves. @throws {Error} of node:fs */
  async set(mac: string, { user, password, privacy, purpose }: KeptSecret): Promise<void> {
    await makePrivateFolder(this.#folder);
    const text = JSON.stringify({ user, password, privacy, purpose });
    await writeWholeFile(this.#fileOf(mac), `${text}\n`);
  }

  /** There are none any more. */
  async forget(mac: string): Promise<void> {
    await rm(this.#fileOf(mac), { force: true });
  }

  #fileOf(mac: string): string {
    if (!isMac(mac)) throw new TypeError(`Cannot keep a secret of ${JSON.stringify(mac)}`);
    return join(this.#folder, `${mac}.json`);
  }
}

function parsed(text: string): KeptSecret | undefined {
  try {
    const { user, password, privacy, purpose = '' } = JSON.parse(text);
    const parts = [user, password, privacy, purpose];
    return parts.every((part) => typeof part === 'string')
      ? { user, password, privacy, purpose }
      : undefined;
  } catch {
    return undefined;
  }
}
