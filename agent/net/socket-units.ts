// Where systemd opens sockets for the server. The units that ship have the usual places; what the configuration says otherwise is written
// beside them, for as long as the machine runs.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../host/processes/program.ts';
import { SOCKET_NAMES, type SocketPlaces, type WaltNetSocket } from './bound-sockets.ts';

/** Where systemd looks for what was decided since the machine started. */
export const UNITS_OF_TODAY = '/run/systemd/system';

const USUAL_STATE = '/var/lib/walt';

/** As the units that ship have them. */
const USUAL: SocketPlaces = {
  interface: 'walt-net',
  address: '192.168.152.1',
  ports: { tftp: 69, http: 80, bootup: 12_347 },
};

/** What is said of units, by their names: words (systemd.socket(5)), undefined where a unit is as it ships. */
type Words = ReadonlyMap<string, string | undefined>;

/**
 * Of a server in the network of the machine. The unit of DHCP has no interface: systemd would wait for that before it looks whether the unit
 * is wanted at all.
 */
export function socketWords(places: SocketPlaces): Words {
  return new Map([
    ...SOCKET_NAMES.map((name) => [unitOf(name), wordsFor(name, places)] as const),
    [unitOf('api'), undefined],
  ]);
}

/** Of one whose walt-net is virtual: it opens those of walt-net itself, and is given those of the API, which are not in there. */
export function wordsOfVirtual({ api = [] }: Pick<SocketPlaces, 'api'>): Words {
  const places = api.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  const none = SOCKET_NAMES.map((name) => [unitOf(name), undefined] as const);
  return new Map([
    ...none,
    [unitOf('api'), places.length === 0 ? undefined : listening('ListenStream', places)],
  ]);
}

/**
 * Tells systemd where to open them.
 * @param folder where units are changed
 * @param reload makes systemd read them again, if something is other than before
 * @throws {WaltError} with what systemd said
 */
export async function placeSockets(
  words: Iterable<readonly [string, string | undefined]>,
  folder: string = UNITS_OF_TODAY,
  reload: () => Promise<unknown> = () => runProgram('systemctl', ['daemon-reload']),
): Promise<void> {
  let isOther = false;
  for (const [unit, text] of words) {
    const place = join(folder, `${unit}.d`);
    const file = join(place, 'place.conf');
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

/** What the server's unit may write, where its state is not in the usual folder. @param state without links */
export function stateWords(state: string): [string, string | undefined] {
  const path = state.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
  const text = state === USUAL_STATE ? undefined : `[Service]\nReadWritePaths="${path}"\n`;
  return ['walt-server.service', text];
}

function unitOf(name: WaltNetSocket | 'api'): string {
  return `walt-${name}.socket`;
}

function wordsFor(name: WaltNetSocket, places: SocketPlaces): string | undefined {
  if (name === 'dhcp') return `[Socket]\nBindToDevice=${places.interface}\n`;
  const kind = name === 'tftp' ? 'ListenDatagram' : 'ListenStream';
  const at = ({ address, ports }: SocketPlaces) => `${address}:${ports[name]}`;
  return at(places) === at(USUAL) ? undefined : listening(kind, [at(places)]);
}

/** What the unit itself says is forgotten first. */
function listening(kind: string, places: readonly string[]): string {
  return `[Socket]\n${['', ...places].map((place) => `${kind}=${place}\n`).join('')}`;
}
