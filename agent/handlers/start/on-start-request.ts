// A machine that boots by GRUB asks the server what to start. GRUB cannot tell its model by DHCP: this question tells it, and
// makes the machine a node. The answer is a configuration for GRUB, made from the start script of the node's image.
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import { reasonConfig, rebootConfig, startConfig } from '../../boot/grub/start-config.ts';
import type { ScriptProblem } from '../../boot/ipxe-script/boot-plan.ts';
import { localGrubConfig } from '../../boot/local/grub-config.ts';
import { noImageText } from '../../boot/retry-file.ts';
import type { StartRequest } from '../../boot/start-request.ts';
import type { Detection } from '../../devices/detection.ts';
import { type Device, isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';
import { textToBytes } from '../../protocol/bytes.ts';
import { routerOf } from '../dhcp/router-of.ts';
import type { FileOutcome } from '../files/find-file.ts';
import { planStart } from './start-plan.ts';
import type { StartTroubles } from './start-troubles.ts';

/** What the answer is made of. */
export type StartContext = {
  readonly registry: Registry;
  readonly detection: Detection;
  readonly network: NetworkFacts;
  readonly httpPort: number;
  /** root file system of an image, by digest */
  readonly rootOf: (digest: string) => string;
  readonly troubles: StartTroubles;
  /** whether a device loads its files by TFTP in small blocks, since it does not come up otherwise */
  readonly isCareful?: (mac: string) => boolean;
  /** whether a device reaches other networks through the server */
  readonly hasNat?: (device: Device) => boolean;
  /**
   * Present where another server gives out the addresses (dhcp.mode: proxy). Then nobody here knows who has an address: what
   * the machine says of itself is kept by this, where ARP says the same.
   */
  readonly learn?: (seen: Asked) => Promise<readonly ServerEvent[]>;
};

/** The machine that asks; `ip`: dotted IPv4. */
export type Asked = { readonly mac: string; readonly model: string; readonly ip: string };

/** What GRUB gets, and what the log has to tell of it. */
type Answer = { readonly config: string; readonly trouble?: string };

/**
 * Answers GRUB.
 * @param request what its path says: model, MAC and whether Secure Boot is on
 * @param address that the question came from, dotted IPv4. It has to be the address of the device with that MAC: else any
 * machine could ask in the name of another one
 * @returns the configuration, or `not-found` where the address is another device's
 */
export async function onStartRequest(
  request: StartRequest,
  address: string,
  context: StartContext,
): Promise<FileOutcome> {
  const { registry, detection, troubles, learn } = context;
  const { mac, model } = request;
  const asked = { mac, model, ip: address };
  const events = [...((await learn?.(asked)) ?? [])];
  if (registry.byIp(address)?.mac !== mac) {
    const found = { kind: 'not-found', reason: `${address} is not the address of ${mac}` } as const;
    return { found, events };
  }
  if (learn === undefined) events.push(...(await detection.see(asked)));
  const known = registry.byIp(address);
  const device = known && detection.asAnnounced(known);
  const { config, trouble } = await answer(device, request, context);
  if (trouble === undefined) troubles.forget(mac);
  else if (troubles.isDue(mac, trouble)) {
    events.push({ kind: 'start-trouble', name: device?.name ?? mac, text: trouble });
  }
  const found = { kind: 'bytes', bytes: textToBytes(config) } as const;
  return { found, events, ...(device === undefined ? {} : { device }) };
}

async function answer(
  device: Device | undefined,
  { model, isSecure, busId }: StartRequest,
  context: StartContext,
): Promise<Answer> {
  if (!isNode(device)) return { config: reasonConfig([noImageText(model)]) };
  if (device.bootsLocal) return { config: localGrubConfig() };
  const card = busId === undefined ? {} : { busId };
  const starter = { ...device, ...routerOf(device, context), ...card };
  const { result, verdict } = await planStart(
    context.rootOf(device.root),
    starter,
    context.network,
  );
  const problem = result.problems.at(-1);
  if (result.kind === 'reboot') return { config: rebootConfig() };
  if (result.kind === 'failed') return refusal(device, wordsOf(device, problem));
  if (isSecure && verdict?.starts === 'no') {
    const file = `/boot/${device.model}/${result.plan.kernel}`;
    return refusal(device, `this machine has Secure Boot on; ${file}: ${verdict.text}`);
  }
  const warning = isSecure && verdict?.starts === 'perhaps' ? verdict.text : undefined;
  const trouble = warning ?? (problem === undefined ? undefined : wordsOf(device, problem));
  return {
    config: startConfig({
      server: serverOf(context),
      plan: result.plan,
      what: `${device.image} for ${device.name}`,
      isCareful: context.isCareful?.(device.mac) === true,
      ...(warning === undefined ? {} : { warning }),
    }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function serverOf({ network: { address }, httpPort }: StartContext): string {
  return httpPort === 80 ? address : `${address}:${httpPort}`;
}

function refusal(node: Node, why: string): Answer {
  const config = reasonConfig([`Cannot start ${node.name} from ${node.image}:`, why]);
  return { config, trouble: `image ${node.image}: ${why}` };
}

function wordsOf({ model }: Node, problem: ScriptProblem | undefined): string {
  if (problem === undefined) return 'its start script starts nothing';
  const { file, line, text } = problem;
  return `/boot/${model}/${file}, line ${line}: ${text}`;
}
