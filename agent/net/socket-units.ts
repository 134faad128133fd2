// Where systemd opens the sockets that machines of walt-net come to. The units that ship have the usual places; what the configuration says otherwise
// is written beside them, for as long as the machine runs.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../host/processes/program.ts';
import { SOCKET_NAMES, type SocketName, type SocketPlaces } from './bound-sockets.ts';

/** Where systemd looks for what was decided since the machine started. */
export const UNITS_OF_TODAY = '/run/systemd/system';

/** As the units that ship have them. */
const USUAL: SocketPlaces = {
  interface: 'walt-net',
  address: '192.168.152.1',
  ports: { tftp: 69, http: 80, bootup: 12_347 },
};

/** Words for a unit (systemd.socket(5)); undefined where it is as it ships. That of DHCP has no interface there. */
export function placeText(name: SocketName, places: SocketPlaces): string | undefined {
  const text = directives(name, places);
  return name !== 'dhcp' && text === directives(name, USUAL) ? undefined : text;
}

function directives(name: SocketName, { interface: device, address, ports }: SocketPlaces): string {
  if (name === 'dhcp') return `[Socket]\nBindToDevice=${device}\n`;
  const kind = name === 'tftp' ? 'ListenDatagram' : 'ListenStream';
  // What the unit itself says is forgotten first.
  return `[Socket]\n${kind}=\n${kind}=${address}:${ports[name]}\n`;
}

/**
 * Tells systemd where to open them.
 * @param places undefined where the server opens them itself
 * @param folder where units are changed
 * @param reload makes systemd read them again, if something is other than before
 * @throws {WaltError} with what systemd said
 */
export async function placeSockets(
  places: SocketPlaces | undefined,
  folder: string = UNITS_OF_TODAY,
  reload: () => Promise<unknown> = () => runProgram('systemctl', ['daemon-reload']),
): Promise<void> {
  let isOther = false;
  for (const name of SOCKET_NAMES) {
    const place = join(folder, `walt-${name}.socket.d`);
    const file = join(place, 'place.conf');
    const text = places && placeText(name, places);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) continue;
    isOther = true;
    if (text === undefined) await rm(place, { recursive: true });
    else {
      await mkdir(place, { recursive: true, mode: 0o755 });
      await writeFile(file, text, { mode: 0o644 });
    }
  }
  if (isOther) await reload();
}
