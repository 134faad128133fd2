// Who is who among the devices, and what people can do with them and with images.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import { Detection } from '../../devices/detection.ts';
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { takeAnnouncedModels } from '../../events/reactions/take-announced-models.ts';
import type { Ways } from '../../healing/ways.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { systemClock } from '../../host/clock/clock.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Containers } from '../../images/workshop/containers.ts';
import { buildWorkbench } from '../../images/workshop/workbench.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import { isSameHardware } from '../../machines/kept/plan.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import { commandNode } from '../../net/node-client.ts';
import { DeviceSettings } from '../../nodes/device-settings.ts';
import { ImageSwitch } from '../../nodes/image-switch.ts';
import { hardwareOf, planOf } from '../../nodes/machine-plan.ts';
import { complaintWithoutNat } from '../../nodes/netsetup.ts';
import { NodeActions } from '../../nodes/node-actions.ts';
import { NodePower } from '../../nodes/node-power.ts';
import { bootedBy } from '../../nodes/ownership.ts';
import type { Asleep } from '../../nodes/saving/asleep.ts';
import { PowerSaver } from '../../nodes/saving/power-saver.ts';
import { Uses } from '../../nodes/saving/uses.ts';
import type { Cycles } from '../../power/cycles.ts';
import type { PowerDriver } from '../../power/driver.ts';
import { powerSecretOf } from '../../power/power-secret.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { buildPower } from './power.ts';

type Parts = {
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly images: ImageStore;
  readonly containers: Containers;
  readonly publisher: Publisher;
  readonly onLimit: OnLimit;
  readonly machines: Machines;
  /** whether this machine has rules of ours for who reaches other networks */
  readonly canNat: boolean;
  /** what switches the power of nodes by their switches */
  readonly poe: PowerDriver;
  readonly helpers: Pick<Helpers, 'runPower'>;
  readonly secrets: Pick<Secrets, 'of'>;
  /** nodes that are switched off to save power */
  readonly asleep: Asleep;
  /** power that is between off and on */
  readonly cycles: Cycles;
  /** of walt-net, dotted IPv4 */
  readonly broadcast: string;
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly ways: Pick<Ways, 'insteadOf'>;
  /** the configuration as it is now: of some keys the value may change */
  readonly current: () => Config;
};

/** Builds the parts that decide over devices and nodes. */
export function buildNodes(config: Config, parts: Parts) {
  const { registry, boots, images, containers, publisher, address, onLimit, machines } = parts;
  const { canNat, current, ways } = parts;
  const detection = new Detection({
    registry,
    defaultImageOf: images.defaultOf,
    suits: (image, model) => images.byName(image)?.models.includes(model) === true,
    keyOf: images.keyOf,
    insteadOf: ways.insteadOf,
    clock: systemClock,
    isUp: (mac) => boots.statusOf(mac).state === 'booted',
  });
  takeAnnouncedModels(publisher, detection);
  const { node: port } = config.ports;
  const toNode = { port, localAddress: address, onLimit };
  const actions = new NodeActions({ registry, publisher, boots });
  const node = (name: string) => actions.node(name);
  const { asleep, cycles } = parts;
  const power = new NodePower({
    ...{ node, boots, asleep, cycles, clock: systemClock },
    nodeOf: (mac) => {
      const device = registry.byMac(mac);
      return device !== undefined && isNode(device) ? device : undefined;
    },
    publish: publisher.publish,
    drivers: buildPower(() => current().power, {
      ...{ publish: publisher.publish, machines, poe: parts.poe, cycles, helpers: parts.helpers },
      secretOf: async (mac) => {
        const device = registry.byMac(mac);
        return device && (await powerSecretOf(device, parts.secrets));
      },
      walt: { address, broadcast: parts.broadcast },
    }),
    command: (ip, command) => commandNode(command, { address: ip, ...toNode }),
  });
  const saver = new PowerSaver({
    ...{ registry, boots, publisher, power, actions, asleep, clock: systemClock },
    minutes: () => current().power.offAfterMinutes,
    uses: new Uses(systemClock),
  });
  const imageSwitch = new ImageSwitch({ registry, node, images, publish: publisher.publish });
  const deviceSettings = new DeviceSettings({
    ...{ registry, boots, publish: publisher.publish },
    hardwareComplaint: async (device, next, { losesData, together }) => {
      const { mac } = device;
      const unable = canNat ? undefined : complaintWithoutNat(device, next);
      if (unable !== undefined) return unable;
      const hardware = hardwareOf(next);
      const isSame = isSameHardware(hardware, planOf(device).hardware);
      if (device.machine === undefined || isSame) return undefined;
      const all = together.map((one) => [one.device.mac, hardwareOf(one.next)] as const);
      const complaint = await machines.complaintAbout(mac, hardware, new Map(all));
      return complaint ?? (losesData ? undefined : await machines.lossOf(mac, hardware));
    },
  });
  const { registries } = config.images;
  const workbench = buildWorkbench(images, {
    containers,
    registries,
    nodesOf: (image) => bootedBy(registry, image),
    note: (image, step) => publisher.publish([{ kind: 'image-step', image, step }]),
    clock: systemClock,
  });
  return { detection, actions, power, saver, imageSwitch, deviceSettings, ...workbench };
}
