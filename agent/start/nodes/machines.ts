// The virtual nodes: machines of this server, which go on when it stops.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import type { KeptShares } from '../../keeping/kept-shares.ts';
import { type MachineNews, Machines } from '../../machines/kept/machines.ts';
import { planOf } from '../../nodes/machine-plan.ts';
import { VirtualNodes } from '../../nodes/virtual-nodes.ts';
import type { Problem } from '../telling/journal.ts';
import type { buildNodes } from './nodes.ts';

type Parts = Pick<ReturnType<typeof buildNodes>, 'detection' | 'actions' | 'imageSwitch'> & {
  readonly machines: Machines;
  readonly registry: Registry;
  readonly boots: Pick<BootBook, 'isUp'>;
  readonly publisher: Publisher;
  readonly shares: KeptShares;
  /** whoever follows the console of a machine reads on */
  readonly readOn: (mac: string) => Promise<void>;
  readonly problem: Problem;
  /** of the server's state */
  readonly folder: string;
  readonly helpers: Pick<Helpers, 'machines'>;
  /** what machines boot from that have no stick */
  readonly pxeFolder?: string;
  /** where this server gives out the addresses */
  readonly reserveAddress?: (mac: string) => Promise<string | undefined>;
};

/** A guest that prints without end writes some megabytes a second. */
const TRIM_MS = 5000;
const CHECK_MS = 10_000;
/** QEMU's own prefix, as the original has it. */
const PREFIX = '52:54:00';

/** The machines as the devices say, none of them looked at yet. */
export function buildMachines(
  { network }: Pick<Config, 'network'>,
  parts: Pick<Parts, 'registry' | 'boots' | 'publisher' | 'folder' | 'helpers'>,
): Machines {
  const { registry, publisher, helpers } = parts;
  const place = { folder: join(parts.folder, 'machines'), bridge: network.interface };
  return new Machines({
    ...{ ...place, runner: helpers.machines(place) },
    wanted: (mac) => {
      const device = registry.byMac(mac);
      if (device?.machine === undefined) return undefined;
      return { plan: planOf(device), isOn: !device.machine.isOff };
    },
    setOn: async (mac, isOn) => {
      await registry.change(mac, (device) =>
        device?.machine === undefined ? device : { ...device, machine: { isOff: !isOn } },
      );
    },
    tell: (news) => publisher.publish(eventsOf(news, parts)),
  });
}

/** Goes on with the machines that there are; what leaves them running is added to `services`. */
export async function startMachines(
  parts: Parts,
  services: AsyncDisposableStack,
): Promise<{ readonly virtualNodes: VirtualNodes }> {
  const { machines, registry, publisher, problem, reserveAddress } = parts;
  services.defer(() => machines.detach());
  publisher.on('machines', ['device-changed'], async ({ before, after }) => {
    if (after?.machine !== undefined && before?.settings !== after.settings)
      await machines.planChanged(after.mac);
  });
  const known = registry.all().filter(({ machine }) => machine !== undefined);
  await machines.resume(known.map(({ mac }) => mac)).catch(problem('machines'));
  services.defer(every(CHECK_MS, () => machines.check(), problem('machines')));
  services.defer(every(TRIM_MS, () => machines.trimLogs(parts.readOn), problem('machines')));
  const virtualNodes = new VirtualNodes({
    ...parts,
    ...{ publish: publisher.publish, clock: systemClock },
    reserveAddress: reserveAddress ?? (async () => undefined),
    newMac: () => newMac(registry),
    complaint: () => complaint(parts),
  });
  return { virtualNodes };
}

function eventsOf(news: MachineNews, { registry, boots }: Pick<Parts, 'registry' | 'boots'>) {
  const { mac } = news;
  if (news.kind === 'said') {
    const node = registry.byMac(mac)?.name ?? mac;
    return [{ kind: 'machine-said', node, text: news.text } as const];
  }
  if (!boots.isUp(mac)) return [];
  const signal = { kind: 'down', cause: news.cause, method: 'hard' } as const;
  return [{ kind: 'signal', mac, signal } as const];
}

/** Why no virtual machine of the server can boot here, in words. */
export function complaint({
  pxeFolder,
  reserveAddress,
}: Pick<Parts, 'pxeFolder' | 'reserveAddress'>) {
  if (pxeFolder === undefined) {
    return 'virtual nodes boot by PXE, and this installation has no files for that. Make them: npm run media -- pxe';
  }
  if (reserveAddress !== undefined) return undefined;
  return 'virtual nodes get their addresses from this server, and dhcp.mode is proxy';
}

/** The MAC of a machine that is about to be made. */
export function newMac(registry: Pick<Registry, 'byMac'>): string {
  for (;;) {
    const end = randomBytes(3).toString('hex').match(/../g)?.join(':');
    const mac = `${PREFIX}:${end}`;
    if (registry.byMac(mac) === undefined) return mac;
  }
}
