// A D-Bus daemon for nfs-ganesha alone, which lives where ganesha finds rpcbind: in a mount namespace with a /run of its own.
// libdbus ends a program whose bus has ended, so ganesha ends with it, and both are started again.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { BusConnection } from '../bus/bus-connection.ts';
import { Daemon } from './daemon.ts';
import { BUS_RESTRICTIONS } from './restrictions.ts';

/** Where libdbus looks for the bus of a machine. */
const SOCKET = '/run/dbus/system_bus_socket';

/** dbus-daemon(1): nobody but root is let in, and nothing is ever started by a call. */
const CONFIGURATION = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=${SOCKET}</listen>
  <auth>EXTERNAL</auth>
  <policy user="root">
    <allow own="org.ganesha.nfsd"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

const READY_MS = 5000;

/** The one of a state folder, whether or not it runs. */
export class BusDaemon {
  readonly #file: string;
  readonly #daemon: Daemon;

  constructor({ folder }: { readonly folder: string }) {
    this.#file = join(folder, 'bus.conf');
    this.#daemon = new Daemon({
      argv: ['dbus-daemon', '--nofork', '--nopidfile', `--config-file=${this.#file}`],
      pidFile: join(folder, 'bus.pid'),
      messagesFile: join(folder, 'messages'),
      restrictions: BUS_RESTRICTIONS,
    });
  }

  /** Where it is reached from here, if it runs. */
  async socket(): Promise<string | undefined> {
    const pid = await this.#daemon.pid();
    return pid === undefined ? undefined : `/proc/${pid}/root${SOCKET}`;
  }

  /**
   * A new one; ganesha does without, only more slowly.
   * @param prefix the command that runs another one beside rpcbind
   * @throws {WaltError} if it does not start
   */
  async start(prefix: readonly string[]): Promise<void> {
    await this.stop();
    await writeWholeFile(this.#file, CONFIGURATION);
    const inFolder = ['sh', '-c', 'mkdir -p /run/dbus && rm -f "$0" && exec "$@"', SOCKET];
    await this.#daemon.start([...prefix, ...inFolder]);
    const end = performance.now() + READY_MS;
    while (performance.now() < end) {
      const socket = await this.socket();
      if (socket === undefined || (await answers(socket))) return;
      await sleep(10);
    }
  }

  stop(): Promise<void> {
    return this.#daemon.stop();
  }
}

function answers(socket: string): Promise<boolean> {
  return BusConnection.open(socket).then(
    (bus) => {
      bus.close();
      return true;
    },
    () => false,
  );
}
