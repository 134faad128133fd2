// An upgrade that nobody notices: the program that is installed now takes this server's place. The sockets go over as
// they are, so that what machines ask meanwhile waits in the kernel; files on their way are finished by this process.
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { socketPlaces } from '../config/socket-places.ts';
import { messageOf, WaltError } from '../errors.ts';
import { PRIORITY, type Print } from '../host/processes/priority.ts';
import { runProgram } from '../host/processes/program.ts';
import { type InheritedSockets, socketsInPlace } from '../net/bound-sockets.ts';
import type { Departure } from '../start/departure.ts';
import { ownCommand } from './own-command.ts';
import type { ServiceOptions } from './service-manager.ts';
import { Successor } from './successor.ts';

/** Milliseconds that files may take to arrive. */
const GRACE_MS = 60_000;

type Options = {
  readonly config: Config;
  /** of the configuration */
  readonly file: string;
  readonly sockets: InheritedSockets;
  readonly departure: Departure;
  readonly print: Print;
  /** ends this server. @returns whether each part was stopped as it should */
  readonly stop: () => Promise<boolean>;
  /** what systemd told this process, and is to tell the next one */
  readonly told: ServiceOptions;
  /** tells systemd who is the service from now on */
  readonly isNow: (pid: number) => Promise<void>;
};

/** At most one per process. */
export class HandOver {
  readonly #options: Options;
  #isAsked = false;
  #successor: Successor | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Hands over, and ends this process. Where the new program or the configuration is no good, all stays as it is. */
  async run(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const { departure, print, stop } = this.#options;
    const successor = await this.#begin();
    if (successor === undefined) {
      this.#isAsked = false;
      return;
    }
    this.#successor = successor;
    print(
      `hands over to process ${successor.pid}; files on their way still arrive`,
      PRIORITY.notice,
    );
    departure.linger(GRACE_MS);
    await stop();
    successor.begin();
    try {
      await successor.ready();
    } catch (thrown) {
      print(messageOf(thrown), PRIORITY.error);
      process.exit(1);
    }
    await this.#options.isNow(successor.pid);
    successor.leave();
    await departure.over();
    process.exit(0);
  }

  /** Gives a signal to the process that has taken over, if one has. @returns whether it did */
  pass(name: NodeJS.Signals): boolean {
    this.#successor?.signal(name);
    return this.#successor !== undefined;
  }

  async #begin(): Promise<Successor | undefined> {
    const { config, file, sockets, print, told } = this.#options;
    try {
      const [program = '', ...args] = ownCommand();
      await runProgram(program, [...args, '--check-config']);
      const next = await readConfig(file);
      checkNetwork(config, next);
      const [before, places] = [socketPlaces(config), socketPlaces(next)];
      const kept = socketsInPlace(sockets, before, places);
      const env = { ...process.env, ...told.environment };
      return await Successor.start({ argv: [program, ...args], env, places, sockets: kept });
    } catch (thrown) {
      const reason = `cannot hand over to a new process: ${messageOf(thrown)}`;
      for (const line of [...reason.split('\n'), 'The server goes on.'])
        print(line, PRIORITY.error);
      return undefined;
    }
  }
}

/** The new process is in the network of this one, and so are its sockets. */
function checkNetwork(before: Config, after: Config): void {
  const { namespace } = before.network;
  const refuse = (key: string) => {
    const how = 'which takes a restart: systemctl restart walt-server';
    throw new WaltError(`${key} has changed, ${how}`);
  };
  if (namespace !== after.network.namespace) refuse('network.namespace');
  // From there it reaches no address of this machine.
  const isThere = (place: string) => before.api.listen.includes(place);
  if (namespace !== undefined && !after.api.listen.every(isThere)) refuse('api.listen');
}
