// What takes more rights than answering machines of walt-net does: done by this process, or by helpers that are units of their own.
import { type LineOpener, openOwnLine } from '../consoles/open-line.ts';
import { isClockSynchronised } from '../host/clock/clock-state.ts';
import type { Mounter } from '../host/mounting/mounter.ts';
import { ownMounter } from '../host/mounting/mounter.ts';
import { type FileMemory, ownFileMemory } from '../hot/resident-files.ts';
import type { Containers } from '../images/workshop/containers.ts';
import { ownContainers } from '../images/workshop/own-containers.ts';
import {
  type MachineRunner,
  type MachinesPlace,
  ownMachineRunner,
} from '../machines/kept/machine-runner.ts';
import { ownNameProcess } from '../names/dnsmasq.ts';
import type { NamePlace, NameProcess } from '../names/name-process.ts';
import { Forwarding, type ForwardingSwitch } from '../net/interface/forwarding.ts';
import type { Backend } from '../nfs/backend.ts';
import { createNfsServer } from '../nfs/create.ts';
import type { NfsServer, NfsServerOptions } from '../nfs/server.ts';
import { type PowerRunner, runPowerProgram } from '../power/power-program.ts';
import { helperClock, helperMounter } from './helper-mounter.ts';
import { unitFileMemory } from './runner/unit-file-memory.ts';
import { unitLineOpener } from './runner/unit-lines.ts';
import { unitForwarding, unitMachineRunner } from './runner/unit-machines.ts';
import { UnitNameProcess } from './runner/unit-names.ts';
import { UnitNfsServer } from './runner/unit-nfs.ts';
import { unitPowerRunner } from './runner/unit-power.ts';
import { unitContainers } from './workshop/unit-containers.ts';

/** Who does it. */
export type Helpers = {
  readonly mounter: Mounter;
  /** where containers of images run */
  readonly containers: Containers;
  readonly nfs: (requested: 'auto' | Backend, options: NfsServerOptions) => Promise<NfsServer>;
  readonly names: (place: NamePlace) => NameProcess;
  readonly machines: (place: MachinesPlace) => MachineRunner;
  /** @param record a file that says, after `kill -9`, that it was this server that switched it on */
  readonly forwarding: (record: string) => ForwardingSwitch;
  /** which files of images are in memory */
  readonly fileMemory: FileMemory;
  /** whether the kernel holds the clock of this machine for synchronised */
  readonly isClockSynchronised: () => Promise<boolean>;
  /** of serial lines that are consoles of boards */
  readonly openLine: LineOpener;
  /** runs the operator's program for power */
  readonly runPower: PowerRunner;
};

/** This process does all of it. */
export const ownHelpers: Helpers = {
  mounter: ownMounter,
  containers: ownContainers,
  nfs: createNfsServer,
  names: ownNameProcess,
  machines: ownMachineRunner,
  forwarding: (record) => new Forwarding(record),
  fileMemory: ownFileMemory,
  isClockSynchronised: () => isClockSynchronised(),
  openLine: openOwnLine,
  runPower: runPowerProgram,
};

/** Paths of sockets; what has none, this process does. */
export type HelperSockets = {
  readonly host?: string | undefined;
  readonly workshop?: string | undefined;
  readonly runner?: string | undefined;
};

/** @param state folder of the server's state, without links. The runner reads in the configuration where all is */
export function unitHelpers({ host, workshop, runner }: HelperSockets, state: string): Helpers {
  return {
    ...ownHelpers,
    ...(host === undefined ? {} : ofHost(host, state)),
    ...(workshop === undefined ? {} : { containers: unitContainers(workshop, state) }),
    ...(runner === undefined ? {} : ofRunner(runner, state)),
  };
}

function ofHost(socket: string, state: string): Pick<Helpers, 'mounter' | 'isClockSynchronised'> {
  return { mounter: helperMounter(socket, state), isClockSynchronised: helperClock(socket) };
}

function ofRunner(
  socket: string,
  state: string,
): Pick<
  Helpers,
  'fileMemory' | 'nfs' | 'names' | 'machines' | 'forwarding' | 'openLine' | 'runPower'
> {
  return {
    nfs: async (_requested, { onProblem }) => new UnitNfsServer({ socket, state, onProblem }),
    names: () => new UnitNameProcess(socket),
    machines: () => unitMachineRunner(socket),
    forwarding: () => unitForwarding(socket),
    fileMemory: unitFileMemory(socket, state),
    openLine: unitLineOpener(socket),
    runPower: unitPowerRunner(socket),
  };
}
