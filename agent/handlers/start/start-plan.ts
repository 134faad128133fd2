// What a node's image starts, for a machine whose boot loader cannot read iPXE scripts.
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import type { ScriptResult } from '../../boot/ipxe-script/boot-plan.ts';
import { interpretStart } from '../../boot/ipxe-script/interpret.ts';
import { type SecureBootVerdict, secureBootVerdict } from '../../boot/pxe/secure-boot.ts';
import { bootFile, bootFolder } from '../../images/content/files/boot-folder.ts';
import { readKernelSignature } from '../../images/content/files/kernel-signature.ts';

/** The machine that asks, or one as good as it. */
export type Starter = {
  readonly model: string;
  readonly ip: string;
  readonly mac: string;
  readonly name: string;
  /** the way to other networks, for who may go there */
  readonly router?: string;
  /** kind of bus, vendor and device of its card, where the machine says it */
  readonly busId?: string;
};

/** What the script of an image does on a machine. */
export type StartPlan = {
  readonly result: ScriptResult;
  /** of the kernel that is started; absent where none is */
  readonly verdict?: SecureBootVerdict;
};

/**
 * Follows the start script of an image to the kernel that it would start.
 * @param root folder with the root file system of the image
 */
export async function planStart(
  root: string,
  { model, ip, mac, name, router, busId }: Starter,
  network: NetworkFacts,
): Promise<StartPlan> {
  const { address: server, netmask, domain } = network;
  const gateway = router === undefined ? {} : { gateway: router };
  const card = busId === undefined ? {} : { busId };
  const machine = { model, server, ip, netmask, mac, hostName: name, domain, ...gateway, ...card };
  const result = await interpretStart(bootFolder(root, model), machine);
  if (result.kind !== 'boot') return { result };
  const kernel = await bootFile(root, model, result.plan.kernel);
  if (kernel === undefined) return { result };
  return { result, verdict: secureBootVerdict(await readKernelSignature(kernel)) };
}
