// What the command line of `walt-server-setup` says.
import { parseArgs } from 'node:util';
import { isListenAddress } from '../config/sections/forms.ts';
import { messageOf, WaltError } from '../errors.ts';
import { parseCidr } from '../protocol/ip.ts';
import type { Choice } from './choice.ts';

/** What is printed for --help. */
export const USAGE = `Usage: walt-server-setup [--interface NAME [--vlan NUMBER] | --virtual] [OPTION]…
       walt-server-setup --undo

Puts an interface of this machine, behind which machines are, or a virtual network in the place of walt-net. What it does
is shown before. Without --interface and --virtual it asks.

  --interface NAME     what leads to the nodes; it must carry no traffic of this machine
  --vlan NUMBER        the nodes are in this VLAN of it, and its other traffic is left alone
  --virtual            a network of virtual nodes alone
  --address ADDRESS    of this server on walt-net (default 192.168.152.1/24)
  --dhcp server|proxy  who gives the addresses there: this server, or another one (default: this server)
  --api ADDRESS:PORT   other machines reach walt and its page there, by HTTPS; an address of this machine
  --dry-run            show what would be done, and do nothing
  --yes                do not ask
  --undo               make all that a setup changed what it was before
  --without-services   only change files: no service is stopped or started
  --etc FOLDER         in place of /etc; services are left alone then
  --help               show this
`;

/** A choice whose parts are not all said. */
export type Wish = {
  readonly kind?: Choice['kind'];
  readonly interface?: string;
  readonly vlan?: number;
  readonly address?: string;
  readonly dhcp?: 'server' | 'proxy';
  /** as `api.listen` has it */
  readonly api?: string;
};

/** All that is said. */
export type Arguments = {
  readonly wish: Wish;
  readonly isUndo: boolean;
  readonly isDry: boolean;
  readonly isSure: boolean;
  readonly isHelp: boolean;
  readonly hasServices: boolean;
  readonly etc: string;
  /** only asks for an address, and prints who offers one; for this program itself */
  readonly askDhcp?: string;
};

/** @throws {WaltError} with what is wrong */
export function readArguments(args: readonly string[]): Arguments {
  const values = parsed(args);
  const { interface: name, virtual, 'ask-dhcp': askDhcp } = values;
  if (virtual && name !== undefined) throw refused('--virtual and --interface exclude each other');
  if (values.vlan !== undefined && name === undefined) throw refused('--vlan needs --interface');
  const kind = virtual ? 'virtual' : name === undefined ? undefined : 'real';
  return {
    wish: {
      ...(kind === undefined ? {} : { kind }),
      ...(name === undefined ? {} : { interface: name }),
      ...(values.vlan === undefined ? {} : { vlan: vlanOf(values.vlan) }),
      ...(values.address === undefined ? {} : { address: addressOf(values.address) }),
      ...(values.dhcp === undefined ? {} : { dhcp: dhcpOf(values.dhcp) }),
      ...(values.api === undefined ? {} : { api: apiOf(values.api) }),
    },
    isUndo: values.undo === true,
    isDry: values['dry-run'] === true,
    isSure: values.yes === true,
    isHelp: values.help === true,
    hasServices: values['without-services'] !== true,
    etc: values.etc ?? '/etc',
    ...(askDhcp === undefined ? {} : { askDhcp }),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ interface: text, vlan: text, address: text, dhcp: text, etc: text, api: text },
        ...{ virtual: flag, undo: flag, yes: flag, 'dry-run': flag, help: flag },
        ...{ 'ask-dhcp': text, 'without-services': flag },
      },
    }).values;
  } catch (cause) {
    throw refused(messageOf(cause), { cause });
  }
}

function vlanOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) < 4095) return Number(text);
  throw refused(`--vlan is '${text}', expected a number from 1 to 4094`);
}

/** @throws {WaltError} for what is no address with a prefix */
export function addressOf(text: string): string {
  try {
    parseCidr(text);
    return text;
  } catch (cause) {
    const example = 'expected an address with its prefix, as 192.168.152.1/24';
    throw refused(`--address is '${text}', ${example}`, { cause });
  }
}

/** @throws {WaltError} for what is no address with a port */
export function apiOf(text: string): string {
  if (isListenAddress(text)) return text;
  throw refused(`--api is '${text}', expected an address and a port, as 10.0.0.7:8443`);
}

function dhcpOf(text: string): 'server' | 'proxy' {
  if (text === 'server' || text === 'proxy') return text;
  throw refused(`--dhcp is '${text}', expected server or proxy`);
}

function refused(why: string, options: ErrorOptions = {}): WaltError {
  return new WaltError(
    `Cannot set up walt-net: ${why}. walt-server-setup --help has all options.`,
    options,
  );
}
