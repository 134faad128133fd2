// GRUB asked what to start. Its question names the model, which other machines announce by DHCP: so the machine becomes a
// node here. The answer is a GRUB configuration made from the start script of the node's image.
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { rebootConfig, startConfig, waitConfig } from '../boot/grub/start-config.ts';
import type { Complaint } from '../boot/ipxe-script/boot-plan.ts';
import { noImageText } from '../boot/retry-file.ts';
import type { StartRequest } from '../boot/start-request.ts';
import type { Detection } from '../devices/detection.ts';
import { type Device, isNode, type Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import { textToBytes } from '../protocol/bytes.ts';
import type { FoundFile } from './find-file.ts';
import { planStart } from './start-plan.ts';
import type { StartTroubles } from './start-troubles.ts';

/** What the handler needs, the same for every request. */
export type StartContext = {
  readonly registry: Registry;
  readonly detection: Detection;
  readonly network: NetworkFacts;
  readonly httpPort: number;
  /** root file system of an image, by digest */
  readonly rootOf: (digest: string) => string;
  readonly troubles: StartTroubles;
  /** proxy mode only: records the address of a machine, which is known from its own question alone */
  readonly learn?: (seen: Asked) => Promise<ServerEvent[]>;
};

/** The machine that asks. */
export type Asked = { readonly mac: string; readonly model: string; readonly ip: string };

/** The configuration, for which device, and what happened. */
export type StartOutcome = {
  readonly found: FoundFile;
  readonly device?: Device;
  readonly events: readonly ServerEvent[];
};

type Said = { readonly config: string; readonly trouble?: string };

/**
 * Makes the configuration that a machine asks for.
 * @param address of the client, dotted; it has to be the address of the device that the request names
 * @throws whatever a failed write throws
 */
export async function onStartRequest(
  request: StartRequest,
  address: string,
  context: StartContext,
): Promise<StartOutcome> {
  const { registry, detection, troubles, learn } = context;
  const { mac, model } = request;
  const asked = { mac, model, ip: address };
  const events = (await learn?.(asked)) ?? [];
  if (registry.byIp(address)?.mac !== mac) {
    const found = { kind: 'not-found', reason: `${address} is not the address of ${mac}` } as const;
    return { found, events };
  }
  if (learn === undefined) events.push(...(await detection.see(asked)));
  const device = registry.byIp(address);
  const said = await answer(device, request, context);
  if (said.trouble === undefined) troubles.forget(mac);
  else if (troubles.isDue(mac, said.trouble)) {
    events.push({ kind: 'start-trouble', name: device?.name ?? mac, text: said.trouble });
  }
  const found = { kind: 'bytes', bytes: textToBytes(said.config) } as const;
  return { found, events, ...(device === undefined ? {} : { device }) };
}

async function answer(
  device: Device | undefined,
  { model, isSecure }: StartRequest,
  context: StartContext,
): Promise<Said> {
  if (!isNode(device)) {
    return { config: waitConfig([noImageText(model)]) };
  }
  const { result, verdict } = await planStart(context.rootOf(device.root), device, context.network);
  if (result.kind === 'reboot') return { config: rebootConfig() };
  const complaint = result.complaints.at(-1);
  if (result.kind === 'failed') return refusal(device, wordsOf(device, complaint));
  const { plan } = result;
  const isRefused = isSecure && verdict?.starts === 'no';
  if (isRefused) {
    const file = `/boot/${device.model}/${plan.kernel}`;
    return refusal(device, `this machine has Secure Boot on; ${file}: ${verdict.text}`);
  }
  const warning = isSecure && verdict?.starts === 'perhaps' ? verdict.text : undefined;
  const { network, httpPort } = context;
  const server = httpPort === 80 ? network.address : `${network.address}:${httpPort}`;
  const what = `${device.image} for ${device.name}`;
  const trouble = warning ?? (complaint === undefined ? undefined : wordsOf(device, complaint));
  return {
    config: startConfig({ server, plan, what, ...(warning === undefined ? {} : { warning }) }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function refusal(node: Node, why: string): Said {
  const config = waitConfig([`Cannot start ${node.name} from ${node.image}:`, why]);
  return { config, trouble: `image ${node.image}: ${why}` };
}

function wordsOf({ model }: Node, complaint: Complaint | undefined): string {
  if (complaint === undefined) return 'its start script starts nothing';
  const { file, line, text } = complaint;
  return `/boot/${model}/${file}, line ${line}: ${text}`;
}
