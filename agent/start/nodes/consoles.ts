// The consoles of devices: their records, and their serial ports.
import { join } from 'node:path';
import { Consoles } from '../../consoles/consoles.ts';
import { SerialPorts } from '../../consoles/serial-ports.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followConsoles } from '../../events/reactions/follow/follow-consoles.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { Places } from '../../host/queues/places.ts';
import type { Journal } from '../../journal/journal.ts';
import { machineFiles } from '../../machines/kept/machine-files.ts';
import { Pace } from '../../net/limits/pace.ts';
import { LIMITS, type OnLimit } from '../../net/limits/table.ts';
import { BURST_SECONDS, ConsoleEar } from '../../net/logs/console-ear.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly journal: Pick<Journal, 'take'>;
  readonly onLimit: OnLimit;
  readonly problem: Problem;
  readonly helpers: Pick<Helpers, 'openLine'>;
};

/** A mebibyte of each device: some ten boots of a PC. */
const FILES = 4;
const FILE_BYTES = 262_144;
const STREAM = 'console';

/** Records from here on what devices say. */
export async function openConsoles(
  parts: Parts,
  services: AsyncDisposableStack,
): Promise<{
  readonly consoles: Consoles;
  readonly ear: ConsoleEar;
  /** records at once what a virtual node has said */
  readonly readOn: (mac: string) => Promise<void>;
}> {
  const { folder, registry, publisher, journal, onLimit, problem, helpers } = parts;
  const consoles = new Consoles({
    folder: join(folder, 'consoles'),
    limits: { fileBytes: FILE_BYTES, files: FILES },
    places: new Places(LIMITS['console-viewers'], {
      action: 'look at a console',
      onFull: (whose) => onLimit('console-viewers', whose),
    }),
    clock: systemClock,
    isKnown: (mac) => registry.byMac(mac) !== undefined,
    log: async (mac, lines) => {
      const issuer = registry.byMac(mac)?.name;
      if (issuer === undefined) return;
      const at = systemClock();
      await journal.take(lines.map((line) => ({ at, issuer, stream: STREAM, line })));
    },
    onProblem: problem('consoles'),
  });
  await consoles.open();
  const ports = new SerialPorts({
    consoles,
    filesOf: (mac) => machineFiles(join(folder, 'machines'), mac),
    onProblem: problem('consoles'),
    open: helpers.openLine,
  });
  services.defer(() => consoles.close());
  services.defer(() => ports.close());
  followConsoles(publisher, {
    follow: (device) => ports.follow(device),
    leave: (mac) => ports.leave(mac),
    forget: (mac) => consoles.forget(mac),
  });
  for (const device of registry.all()) await ports.follow(device);
  const ear = new ConsoleEar({
    pace: new Pace(BURST_SECONDS, () => performance.now()),
    macOf: (address) => {
      const device = registry.byIp(address);
      return device?.isTrial ? undefined : device?.mac;
    },
    isKnown: (mac) => registry.byMac(mac) !== undefined && !registry.isTrial(mac),
    hear: (mac, source, bytes) => consoles.hear(mac, source, bytes),
    onLimit,
  });
  return { consoles, ear, readOn: (mac) => ports.catchUp(mac) };
}
