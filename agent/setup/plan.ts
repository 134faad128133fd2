// What setting up walt-net changes on this machine: files, all of them, and what is said of it beforehand.
import { parseDocument } from 'yaml';
import { parseConfig } from '../config/config.ts';
import { hostCount, parseCidr } from '../protocol/ip.ts';
import { BRIDGE, type Choice, portOf, type RealChoice, type VirtualChoice } from './choice.ts';
import { unitText } from './unit.ts';

/** Below /etc. */
export const CONFIG = 'walt/server.yaml';
/** The unit that makes the bridge. */
export const UNIT = 'walt-net.service';

/** A file that is written: its path below /etc, and its content. */
export type SetupFile = { readonly path: string; readonly text: string };

/** All that changes. */
export type SetupPlan = {
  /** lines for people */
  readonly says: readonly string[];
  readonly files: readonly SetupFile[];
};

/**
 * Decides it.
 * @param facts.config the configuration of today
 * @param facts.hasNetworkManager whether it looks after interfaces here
 * @param facts.isDown whether the chosen interface is off as long as no setup has made walt-net
 * @throws {ConfigError} if the configuration cannot be read, or could not be used then
 */
export function setupPlan(
  choice: Choice,
  facts: { readonly config: string; readonly hasNetworkManager: boolean; readonly isDown: boolean },
): SetupPlan {
  const config = { path: CONFIG, text: newConfig(choice, facts.config) };
  if (choice.kind === 'virtual') return { says: virtualWords(choice), files: [config] };
  // The interface under a VLAN stays with who looks after it.
  const names = [portOf(choice), BRIDGE];
  return {
    says: realWords(choice),
    files: [
      config,
      { path: `systemd/system/${UNIT}`, text: unitText(choice, facts) },
      // Without these a service that looks after all interfaces would ask for an address on ours.
      { path: 'systemd/network/05-walt-net.network', text: networkdText(names) },
      ...(facts.hasNetworkManager
        ? [{ path: 'NetworkManager/conf.d/walt-net.conf', text: networkManagerText(names) }]
        : []),
    ],
  };
}

/** The configuration with another walt-net; comments and other keys stay. */
function newConfig(choice: Choice, text: string): string {
  parseConfig(text, CONFIG);
  const document = parseDocument(text);
  const isVirtual = choice.kind === 'virtual';
  const namespace = ['network', 'namespace'];
  if (isVirtual) document.setIn(namespace, BRIDGE);
  else if (document.hasIn(namespace)) document.deleteIn(namespace);
  document.setIn(['network', 'interface'], BRIDGE);
  document.setIn(['network', 'address'], choice.address);
  document.setIn(['dhcp', 'mode'], isVirtual ? 'server' : choice.dhcp);
  if (choice.api !== undefined) document.setIn(['api', 'listen'], [choice.api]);
  const changed = document.toString({ lineWidth: 0 });
  parseConfig(changed, CONFIG);
  return changed;
}

function virtualWords({ address, api }: VirtualChoice): string[] {
  return [
    `walt-net becomes virtual: bridge ${BRIDGE} with ${address} in a network of its own.`,
    'The network of this machine stays as it is; virtual nodes alone are served.',
    ...(api === undefined ? [] : apiWords(api)),
  ];
}

function realWords(choice: RealChoice): string[] {
  const { address, api, dhcp, vlan } = choice;
  const subnet = parseCidr(address);
  const where = vlan === undefined ? choice.interface : `VLAN ${vlan} of ${choice.interface}`;
  const given = `${subnet.firstHost} to ${subnet.lastHost} (${hostCount(subnet)} addresses)`;
  return [
    `Bridge ${BRIDGE} is made, with ${where} in it and ${address} as the address of this server.`,
    dhcp === 'server'
      ? `This server gives out addresses of ${given} there.`
      : 'Another server gives the addresses there; this one tells machines what to boot (proxy).',
    'Machines there that boot from the network are answered from then on.',
    ...(api === undefined ? [] : apiWords(api)),
    'Services that look after networks leave these interfaces alone.',
  ];
}

function apiWords(api: string): string[] {
  return [
    `Other machines reach the server at https://${api}: walt login, or a browser. walt-server fingerprint says by what they know it,`,
    'and walt user create NAME --role admin --password makes the first user; before that nobody gets in.',
  ];
}

function networkdText(names: readonly string[]): string {
  return `# Made by walt-server-setup: ${UNIT} looks after these.\n[Match]\nName=${names.join(' ')}\n\n[Link]\nUnmanaged=yes\n`;
}

function networkManagerText(names: readonly string[]): string {
  const devices = names.map((name) => `interface-name:${name}`);
  return `# Made by walt-server-setup: ${UNIT} looks after these.\n[keyfile]\nunmanaged-devices+=${devices.join(';')}\n`;
}
