// A switch that exists as an SNMP agent alone: net-snmp's, with objects of ours. Its PoE ports tell when they give power and when
// they stop, so that they can start and end what is plugged in.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import snmp from 'net-snmp';
import { objectTree, type SnmpObject } from './object-tree.ts';
import { type SetEnabled, switchObjects } from './switch-objects.ts';
import { type EmulatedPort, type Fault, Stations, type SwitchState } from './switch-state.ts';

/** What proves who may ask it. */
type Access =
  | { readonly community: string }
  | { readonly user: string; readonly password: string; readonly privacy: string };

/** What a switch is; all else has a default. */
export type EmulatedOptions = {
  readonly access: Access;
  readonly portCount: number;
  /** dotted IPv4 that it listens on; by default 127.0.0.1 */
  readonly ip?: string;
  /** UDP; by default one that is free */
  readonly port?: number;
  readonly hasPoe?: boolean;
  /** ifName of a port */
  readonly nameOf?: (port: number) => string;
  /** a port gives power from now on, or no more */
  readonly onPower?: (port: number, isOn: boolean) => void;
} & Partial<Omit<SwitchState, 'ports' | 'upSeconds' | 'fault'>>;

/** A running switch. */
export type EmulatedSwitch = AsyncDisposable & {
  readonly state: SwitchState;
  readonly ip: string;
  /** UDP */
  readonly port: number;
  /** questions that came */
  readonly questions: () => number;
  readonly portOf: (number: number) => EmulatedPort;
  /** Does something wrong from now on; without a fault, nothing. */
  readonly fail: (fault?: Fault) => void;
};

/** Longer than a question waits for its answer. */
const LATE_MS = 1300;

/** Starts it. */
export async function emulateSwitch(options: EmulatedOptions): Promise<EmulatedSwitch> {
  const { ip = '127.0.0.1', port = 0, access, onPower } = options;
  const state = stateOf(options);
  let questions = 0;
  let isClosed = false;
  const setEnabled: SetEnabled = (number, isEnabled) => {
    const poe = state.ports.get(number)?.poe;
    if (poe === undefined || poe.isEnabled === isEnabled) return;
    poe.isEnabled = isEnabled;
    const isIdle = isEnabled ? state.fault === 'loses-power' : state.fault === 'keeps-power';
    if (!isIdle) onPower?.(number, isEnabled);
  };
  const socket = createSocket('udp4');
  const agent = snmp.createAgent(
    {
      port: 161,
      dgramModule: { createSocket: () => withFaults(socket, { state, ip, port }) },
    },
    () => undefined,
    objectTree(whileSame(state, () => endless(state, switchObjects(state, setEnabled)))),
  );
  allow(agent.getAuthorizer(), access);
  socket.on('message', () => {
    questions += 1;
  });
  await once(socket, 'listening');
  return {
    state,
    ip,
    port: socket.address().port,
    questions: () => questions,
    portOf: (number) => state.ports.get(number) ?? missing(number),
    fail: (fault) => {
      state.fault = fault;
    },
    [Symbol.asyncDispose]: async () => {
      if (isClosed) return;
      isClosed = true;
      const closed = once(socket, 'close');
      agent.close();
      await closed;
    },
  };
}

function stateOf(options: EmulatedOptions): SwitchState {
  const { portCount, hasPoe = true, nameOf = (number) => `ge${number}` } = options;
  const started = performance.now();
  const poe = { isEnabled: true, hasLoad: false, watts: 4, classification: 1 };
  const ports = Array.from({ length: portCount }, (_, at): [number, EmulatedPort] => [
    at + 1,
    { name: nameOf(at + 1), stations: new Stations(), ...(hasPoe ? { poe: { ...poe } } : {}) },
  ]);
  return {
    name: options.name ?? 'emulated',
    mac: options.mac ?? '02:5e:00:00:00:01',
    product: options.product ?? '1.3.6.1.4.1.99999.1',
    description: options.description ?? 'Emulated switch',
    upSeconds: () => (performance.now() - started) / 1000,
    stations: options.stations ?? 'Q-BRIDGE-MIB',
    interfaceOf: options.interfaceOf ?? ((number) => number),
    poeIndexOf: options.poeIndexOf ?? ((number) => `1.${number}`),
    isCisco: options.isCisco ?? false,
    budget: options.budget ?? 370,
    ports: new Map(ports),
    fault: undefined,
  };
}

/** A port of ours, and what the faults do to questions and answers. */
function withFaults(
  socket: Socket,
  { state, ip, port }: { readonly state: SwitchState; readonly ip: string; readonly port: number },
): Socket {
  const bind = socket.bind.bind(socket);
  const send = socket.send.bind(socket) as (...values: unknown[]) => void;
  let isClosed = false;
  socket.once('close', () => {
    isClosed = true;
  });
  socket.bind = (() => bind(port, ip)) as unknown as Socket['bind'];
  socket.send = ((...values: unknown[]) => {
    if (state.fault === 'silent') return;
    if (state.fault !== 'late') return send(...values);
    setTimeout(() => {
      if (!isClosed) send(...values);
    }, LATE_MS).unref();
  }) as unknown as Socket['send'];
  return socket;
}

function allow(
  authorizer: ReturnType<ReturnType<typeof snmp.createAgent>['getAuthorizer']>,
  access: Access,
) {
  if ('community' in access) return authorizer.addCommunity(access.community);
  const { user: name, password, privacy } = access;
  authorizer.addUser({
    name,
    level: snmp.SecurityLevel.authPriv ?? 3,
    authProtocol: snmp.AuthProtocols.sha256 ?? 5,
    authKey: password,
    privProtocol: snmp.PrivProtocols.aes ?? 4,
    privKey: privacy,
  });
}

/** A walk asks for a long list again and again. */
function whileSame<Value>(state: SwitchState, make: () => Value): () => Value {
  let made: { readonly of: string; readonly value: Value } | undefined;
  return () => {
    const { stations: _, ...rest } = state;
    const ports = [...state.ports.values()].map((port) => [port, port.stations.changes]);
    const of = JSON.stringify([{ ...rest, ports: undefined, up: state.upSeconds() | 0 }, ports]);
    if (made?.of !== of) made = { of, value: make() };
    return made.value;
  };
}

/** More rows than any table has. */
const ENDLESS = 25_000;

function endless({ fault }: SwitchState, objects: SnmpObject[]): readonly SnmpObject[] {
  if (fault !== 'endless') return objects;
  endlessRows ??= Array.from({ length: ENDLESS }, (_, at) => ({
    oid: `1.3.6.1.2.1.17.7.1.2.2.1.2.1.2.0.0.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
    type: 'Integer',
    value: 1,
  }));
  return endlessRows;
}
let endlessRows: SnmpObject[] | undefined;

function missing(number: number): never {
  throw new RangeError(`The emulated switch has no port ${number}`);
}
