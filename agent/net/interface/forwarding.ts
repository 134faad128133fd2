// Whether the kernel passes packets from one network to another: switched on while some device needs it, and put back.
import { readFile, rm, writeFile } from 'node:fs/promises';

const SWITCH = '/proc/sys/net/ipv4/ip_forward';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Whoever turns the switch. */
export type ForwardingSwitch = Pick<Forwarding, 'wasOn' | 'on' | 'putBack'>;

/** The switch of this network namespace, which this process turns. */
export class Forwarding {
  readonly #record: string;

  /** @param record a file that says, after `kill -9`, that it was this server that switched it on */
  constructor(record: string) {
    this.#record = record;
  }

  /** Whether the machine forwards, or did so before this server or a killed one made it. */
  async wasOn(): Promise<boolean> {
    return (await read(SWITCH)) === '1' && !(await this.#isOurs());
  }

  /** @throws what the kernel says where it is not allowed, as in a container */
  async on(): Promise<void> {
    if ((await read(SWITCH)) === '1') return;
    await writeFile(this.#record, await read(BOOT_ID), { mode: 0o600 });
    await writeFile(SWITCH, '1');
  }

  /** As it was before. */
  async putBack(): Promise<void> {
    if (!(await this.#isOurs())) return;
    await writeFile(SWITCH, '0');
    await rm(this.#record, { force: true });
  }

  async #isOurs(): Promise<boolean> {
    const written = await read(this.#record).catch(() => '');
    return written !== '' && written === (await read(BOOT_ID));
  }
}

async function read(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).trim();
}
