// The plug of a server machine, virtual or a container: on, off, and whether systemd in it has come up.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WayIn } from './way-in.ts';

/** Emulated, on a busy computer, with another machine inside. */
const BOOT_SECONDS = 1200;
/** Unlike that of any other boot: containers have the first one in common, and virtual machines the second. */
const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id; cut -d" " -f22 /proc/1/stat';

/** What runs while the machine is on. */
export type Running = {
  /** Ends it at once. */
  stop(): Promise<void>;
  /** What its console has shown. */
  serial(): Promise<string>;
};

/** The machine, which is off until `powerOn()`. */
export class PluggedMachine {
  readonly wayIn: WayIn;
  readonly #start: () => Promise<Running>;
  #running: Running | undefined;

  /** @param start powers the machine on */
  constructor(wayIn: WayIn, start: () => Promise<Running>) {
    this.wayIn = wayIn;
    this.#start = start;
  }

  /** Starts it where it is off, and waits until it is up. @throws {Error} with the end of its console, after 20 minutes */
  async powerOn(): Promise<void> {
    this.#running ??= await this.#start();
    await this.#waitUntilUp('none');
  }

  /** Pulls the plug; nothing happens where it is off. */
  async cutPower(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  /** Reboots it in good order, and waits until it is up again. */
  async reboot(): Promise<void> {
    const before = (await this.wayIn.succeed(BOOT_ID)).trim();
    await this.wayIn.run('systemctl reboot');
    await this.#waitUntilUp(before);
  }

  /** What its console has shown since it was last powered on. */
  async serial(): Promise<string> {
    return (await this.#running?.serial()) ?? '';
  }

  /** @param before number of the boot that is to be over */
  async #waitUntilUp(before: string): Promise<void> {
    const end = Date.now() + BOOT_SECONDS * 1000;
    while (Date.now() < end) {
      // A unit of the machine may fail, as in real life: then its state is `degraded`, and it is up all the same.
      const { code, stdout } = await this.wayIn.run(
        `systemctl is-system-running --wait; ${BOOT_ID}`,
      );
      if (code === 0 && !stdout.includes(before)) return;
      await sleep(500);
    }
    const console = (await this.serial()).slice(-3000);
    throw new Error(
      `The server machine was not up within ${BOOT_SECONDS} s; its console:\n${console}`,
    );
  }
}
