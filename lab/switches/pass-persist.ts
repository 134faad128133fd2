// A switch as a program of Debian's snmpd: snmpd.conf(5), `pass_persist`. It answers for the objects of an emulated switch that are
// below the names which snmpd gives it. Started as `node pass-persist.ts`.
import { servePassPersist } from './pass-persist-lines.ts';
import { switchObjects } from './switch-objects.ts';
import { type EmulatedPort, Stations, type SwitchState } from './switch-state.ts';

/** MAC of the server, of the switch and of the board behind port 3. */
const [SERVER = '', SWITCH = '', BOARD = ''] = process.argv.slice(2);

const state = boardBehindPortThree();

/** A switch with four ports. */
function boardBehindPortThree(): SwitchState {
  const ports = new Map<number, EmulatedPort>();
  for (let port = 1; port <= 4; port += 1) {
    const poe = { isEnabled: true, hasLoad: port === 3, watts: 4, classification: 1 };
    ports.set(port, { name: `ge${port}`, stations: new Stations(), poe });
  }
  ports.get(1)?.stations.add(SERVER);
  ports.get(3)?.stations.add(BOARD);
  return {
    ...{ name: 'snmpd', mac: SWITCH, product: '1.3.6.1.4.1.99999.2', description: 'snmpd' },
    ...{ stations: 'BRIDGE-MIB', isCisco: false, budget: 60, ports },
    interfaceOf: (port) => port,
    poeIndexOf: (port) => `1.${port}`,
    upSeconds: () => 1,
    fault: undefined,
  };
}

servePassPersist(() =>
  switchObjects(state, (port, isEnabled) => {
    const poe = state.ports.get(port)?.poe;
    if (poe) poe.isEnabled = isEnabled;
  }),
);
