// Which nodes reboot by kexec, past firmware and loader.
import type { BootBook, ToldBoot } from '../../boots/boot-book.ts';
import { lastFailedWarm } from '../../boots/failed-warm.ts';
import type { Config } from '../../config/config.ts';
import type { Node } from '../../devices/device.ts';
import type { Cases } from '../../healing/cases.ts';
import type { Ways } from '../../healing/ways.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import { canStayWarm } from '../../nodes/warm-reboot.ts';
import type { Store } from '../../store/store.ts';

type Parts = {
  readonly boots: Pick<BootBook, 'bootOf'>;
  readonly store: Pick<Store, 'boots'>;
  readonly images: Pick<ImageStore, 'keyOf'>;
  readonly machines: Pick<Machines, 'stateOf'>;
  readonly healing: { readonly cases: Pick<Cases, 'of'>; readonly ways: Pick<Ways, 'insteadOf'> };
};

/** What is asked of nodes that are to reboot. */
export type WarmReboots = {
  readonly canStayWarm: (node: Node) => Promise<boolean>;
  /** the boot by kexec that did not come up, with the image that the node is to boot next */
  readonly failedWarm: (node: Node) => Promise<ToldBoot | undefined>;
};

/** Answers by what is known at that moment. */
export function buildWarmReboots({ dhcp }: Pick<Config, 'dhcp'>, parts: Parts): WarmReboots {
  const { boots, store, images, machines, healing } = parts;
  const nextOf = ({ mac, image, root }: Node) => {
    const key = images.keyOf(image) ?? root;
    return healing.ways.insteadOf(mac, key) ?? key;
  };
  const failedWarm = (node: Node) =>
    lastFailedWarm({ mac: node.mac, image: nextOf(node) }, { boots, records: store.boots });
  return {
    failedWarm,
    canStayWarm: (node) =>
      canStayWarm(node, {
        dhcp: dhcp.mode,
        state: boots.bootOf(node.mac)?.state,
        machine: machines.stateOf(node.mac),
        tries: healing.cases.of(node.mac).series.tries,
        hasFailed: async () => (await failedWarm(node)) !== undefined,
      }),
  };
}
