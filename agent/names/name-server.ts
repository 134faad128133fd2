// Serves the names of walt-net: keeps the files of dnsmasq as the devices are, and the program running.
import { type Stats, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../errors.ts';
import { watch } from '../host/folders/watch.ts';
import { oneAtATime } from '../host/queues/one-at-a-time.ts';
import type { Subnet } from '../protocol/ip.ts';
import { NotInstalledError, ownNameProcess } from './dnsmasq.ts';
import { FILES } from './dnsmasq-command.ts';
import { hostsText, type Named, SERVER_NAME } from './hosts-text.ts';
import type { NamePlace, NameProcess } from './name-process.ts';
import { Question } from './question.ts';
import { resolversIn, serversText } from './upstream.ts';

/** Many devices that come at once are written together: five times a second at most, and less often where there are more, since each time all are. */
const PAUSE_MS = 200;
const DEVICES_A_PAUSE = 1000;
/** A name counts within a second (docs/help/names-and-network.md), whoever makes up tens of thousands of machines. */
const LONGEST_PAUSE_MS = 1000;
/** One that does not answer by now is ended, and started again after a pause. The last question may take longer by its tries. */
const START_MS = 15_000;
const START_PAUSE_MS = 50;
/** Each fifth look asks the program too: one that ends is missed at once, and one that hangs takes no less time to prove. */
const LOOKS_A_QUESTION = 5;

/** In the place of what stat(2) says. */
const NO_FILE = { ino: 0, mtimeMs: 0, size: 0 };

type Options = {
  /** walt-net, with the server's address there */
  readonly subnet: Subnet;
  readonly domain: string;
  /** absolute; root's alone */
  readonly folder: string;
  readonly devices: () => Iterable<Named>;
  /** who is asked for other names; without them those that resolv.conf names, as it is at that moment */
  readonly upstream?: readonly string[] | undefined;
  readonly resolvConf?: string;
  readonly onProblem: (reason: unknown) => void;
  /** who runs dnsmasq; by default this process */
  readonly run?: (place: NamePlace) => NameProcess;
};

/** From `start()` to `close()`. */
export class NameServer {
  readonly #options: Options;
  readonly #files: string;
  readonly #dnsmasq: NameProcess;
  readonly #question: Question;
  readonly #written = new Map<string, string>();
  /** how many had one when they were last written */
  #names = 0;
  #conf: { readonly version: string; readonly text: string } | undefined;
  #isStale = true;
  #looks = 0;
  #complaint: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | undefined;

  constructor(options: Options) {
    const { subnet, domain, folder, run = ownNameProcess } = options;
    this.#options = options;
    this.#files = join(folder, 'names');
    this.#dnsmasq = run({ served: { subnet, domain, folder: this.#files }, folder });
    this.#question = new Question(subnet.address, `${SERVER_NAME}.${domain}`);
  }

  /**
   * From here on the names are served, and the program is started again whatever becomes of it, also where this fails.
   * @throws {NotInstalledError} if this machine has no dnsmasq: then nothing is tried again
   * @throws {WaltError} with its own words, if it does not serve
   */
  async start(): Promise<void> {
    await mkdir(this.#files, { recursive: true, mode: 0o755 });
    const starting = this.#alone(() => this.#begin());
    await starting.catch((reason) => {
      if (reason instanceof NotInstalledError) throw reason;
    });
    this.#stopWatching = watch({
      what: 'the name server',
      problem: () => this.#alone(() => this.#problem()),
      mend: () => this.#alone(() => this.#begin()),
      onProblem: (words) => this.#options.onProblem(words),
    });
    await starting;
  }

  /** The devices are others than before: the name server knows it at once, or where much changes after a fifth of a second for each 1,000, and a second at most. */
  changed(): void {
    this.#isStale = true;
    void this.#follow();
  }

  async close(): Promise<void> {
    this.#stopWatching?.();
    await this.#alone(() => this.#dnsmasq.stop());
  }

  readonly #follow = oneAtATime<void>(async () => {
    await this.#alone(() => this.#refresh());
    await sleep(pauseMs(this.#names), undefined, { ref: false });
  });

  async #begin(): Promise<void> {
    this.#question.forget();
    await this.#writeAll();
    await this.#dnsmasq.start();
    const end = performance.now() + START_MS;
    while (this.#dnsmasq.isRunning && performance.now() < end) {
      const answer = await this.#question.ask();
      if (answer === 'answered' && this.#dnsmasq.isRunning) return;
      await sleep(START_PAUSE_MS);
    }
    if (!this.#dnsmasq.isRunning) throw this.#dnsmasq.reason();
    await this.#dnsmasq.stop('SIGKILL');
    throw new WaltError('dnsmasq runs, but answers nothing');
  }

  /** What is wrong, in words. One that hangs was killed, for `#begin` to start it anew. */
  async #problem(): Promise<string | undefined> {
    if (!this.#dnsmasq.isRunning) return `${this.#dnsmasq.reason().message}: starting it again`;
    await this.#refresh();
    this.#looks += 1;
    const isAsked = this.#question.isDoubted || this.#looks % LOOKS_A_QUESTION === 0;
    if (!isAsked || !(await this.#question.hangs())) return undefined;
    await this.#dnsmasq.stop('SIGKILL');
    return 'dnsmasq hangs (it left three questions without an answer): replacing it';
  }

  /** What cannot be written is said once, and tried again. */
  async #refresh(): Promise<void> {
    try {
      if (await this.#writeAll()) this.#dnsmasq.reload();
      this.#complaint = undefined;
    } catch (reason) {
      const complaint = String(reason);
      if (complaint !== this.#complaint) this.#options.onProblem(reason);
      this.#complaint = complaint;
    }
  }

  /** Whether something is other than before. */
  async #writeAll(): Promise<boolean> {
    const { subnet, domain, devices, upstream, resolvConf = '/etc/resolv.conf' } = this.#options;
    const { address } = subnet;
    const resolvers = upstream ?? resolversIn(await this.#resolvConf(resolvConf), address);
    const isServersNew = await this.#write(FILES.servers, serversText(resolvers));
    if (!this.#isStale) return isServersNew;
    this.#isStale = false;
    const all = [...devices()];
    this.#names = all.length;
    const text = hostsText(all, { address, domain });
    try {
      return (await this.#write(FILES.hosts, text)) || isServersNew;
    } catch (reason) {
      this.#isStale = true;
      throw reason;
    }
  }

  /** Looked at each second, so it is read only where it is another; a machine without it asks nobody. */
  async #resolvConf(path: string): Promise<string> {
    const { ino, mtimeMs, size } = fileAt(path);
    const version = [ino, mtimeMs, size].join(' ');
    if (this.#conf?.version === version) return this.#conf.text;
    const text = await readFile(path, 'utf8').catch(() => '');
    this.#conf = { version, text };
    return text;
  }

  async #write(name: string, text: string): Promise<boolean> {
    if (this.#written.get(name) === text) return false;
    const path = join(this.#files, name);
    await writeFile(`${path}.new`, text, { mode: 0o644 });
    await rename(`${path}.new`, path);
    this.#written.set(name, text);
    return true;
  }

  /** Nothing is done to the program or its files while something else is. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** @param names that are written each time. @returns how long nothing is written then, in milliseconds */
export function pauseMs(names: number): number {
  const wanted = (names / DEVICES_A_PAUSE) * PAUSE_MS;
  return Math.min(Math.max(PAUSE_MS, wanted), LONGEST_PAUSE_MS);
}

/** The kernel answers at once: to have a thread wait for it costs more. */
function fileAt(path: string): Pick<Stats, 'ino' | 'mtimeMs' | 'size'> {
  try {
    return statSync(path);
  } catch {
    return NO_FILE;
  }
}
