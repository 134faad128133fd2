// What speaks for and against a choice, before anything is changed.
import type { Finding as Checked } from '../doctor/check.ts';
import type { Link } from '../host/links/links.ts';
import { ipToNumber, parseCidr, type Subnet } from '../protocol/ip.ts';
import { BRIDGE, type Choice } from './choice.ts';

/** A line about this machine. What is wrong ends the setup. */
export type Finding = { readonly status: 'good' | 'attention' | 'wrong'; readonly text: string };

/** What is known of this machine. */
export type MachineFacts = {
  readonly links: readonly Link[];
  /** of all interfaces, with the lengths of their prefixes */
  readonly addresses: readonly { readonly interface: string; readonly address: string }[];
  /** interfaces that ifupdown looks after */
  readonly ofIfupdown: readonly string[];
  /** ports that others have on all addresses: `udp 67 dnsmasq` */
  readonly portsInUse: readonly string[];
  readonly freeBytes: number;
  readonly hasKernelNfs: boolean;
  readonly hasGanesha: boolean;
  /** how they run, as the doctor says it; undefined where nobody has tried */
  readonly virtualNodes?: Checked;
  readonly firewallDrops: boolean;
};

const ENOUGH_BYTES = 10e9;

/** All that is to be said; `wrong` first. */
export function findings(choice: Choice, facts: MachineFacts): Finding[] {
  const all = [
    ...(choice.kind === 'real'
      ? [
          interfaceFinding(choice.interface, choice.vlan !== undefined, facts),
          ...sharedNetworks(choice.address, facts),
          ...facts.portsInUse.map((port) =>
            attention(`Another program has a port that this server needs on walt-net: ${port}.`),
          ),
          ...(facts.firewallDrops
            ? [attention(`A firewall of this machine drops packets: let in what ${BRIDGE} brings.`)]
            : []),
        ]
      : []),
    nfs(choice, facts),
    facts.freeBytes >= ENOUGH_BYTES
      ? good(`There are ${gigabytes(facts.freeBytes)} GB for images.`)
      : attention(`There are only ${gigabytes(facts.freeBytes)} GB for images.`),
    ...(facts.virtualNodes === undefined ? [] : [virtualNodesFinding(facts.virtualNodes)]),
  ];
  const order = ['wrong', 'attention', 'good'];
  return all.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}

/** Whether something is wrong, so that nothing will be changed. */
export function isWrong(found: readonly Finding[]): boolean {
  return found.some(({ status }) => status === 'wrong');
}

function interfaceFinding(name: string, isVlan: boolean, facts: MachineFacts): Finding {
  const link = facts.links.find((candidate) => candidate.name === name);
  if (link === undefined) {
    const known = facts.links.map((one) => one.name).filter((one) => one !== 'lo');
    return wrong(`There is no interface ${name}. This machine has ${known.join(', ') || 'none'}.`);
  }
  if (name === 'lo' || name === BRIDGE) return wrong(`Interface ${name} leads to no machines.`);
  if (isVlan) return good(`Interface ${name} is there; its own traffic is left alone.`);
  const own = facts.addresses.filter((each) => each.interface === name);
  if (own.length > 0) {
    const which = own.map(({ address }) => address).join(', ');
    return wrong(
      `Interface ${name} has ${which}: it carries traffic of this machine, which would end. ` +
        `Name another interface, or a VLAN (--vlan).`,
    );
  }
  if (link.master !== undefined && link.master !== BRIDGE) {
    return wrong(`Interface ${name} is in ${link.master} already. Take it out of there first.`);
  }
  if (facts.ofIfupdown.includes(name)) {
    return wrong(
      `/etc/network/interfaces has ${name}. Take it out there, so that two do not look after it.`,
    );
  }
  return good(`Interface ${name} is there, and nobody uses it.`);
}

/** Answers to machines of walt-net would leave by the other interface. */
function sharedNetworks(address: string, { addresses }: MachineFacts): Finding[] {
  const wanted = parseCidr(address);
  const others = addresses.filter((each) => each.interface !== BRIDGE && each.interface !== 'lo');
  return (
    others
      // Addresses without a network of their own, as /32, have none to share.
      .filter(({ address: other }) => /\/([1-9]|[12]\d|30)$/.test(other))
      .filter((each) => overlap(wanted, parseCidr(each.address)))
      .map((each) =>
        wrong(
          `${address} is in the network of ${each.interface} (${each.address}). Choose another one (--address).`,
        ),
      )
  );
}

function overlap(a: Subnet, b: Subnet): boolean {
  const [from, to] = [ipToNumber(a.network), ipToNumber(a.broadcast)];
  return from <= ipToNumber(b.broadcast) && ipToNumber(b.network) <= to;
}

function nfs(choice: Choice, { hasKernelNfs, hasGanesha }: MachineFacts): Finding {
  if (choice.kind === 'real' && hasKernelNfs) return good("The kernel's NFS server serves roots.");
  if (hasGanesha) return good('nfs-ganesha serves roots.');
  const what = choice.kind === 'real' ? 'nfs-kernel-server' : 'nfs-ganesha-vfs';
  return wrong(`There is no NFS server to use: apt install ${what}`);
}

function virtualNodesFinding(checked: Checked): Finding {
  if (checked.status === 'ok') return good(`Virtual nodes run by KVM (${checked.detail}).`);
  if ('meaning' in checked) return attention(`${checked.meaning} (${checked.detail})`);
  return attention(`Virtual nodes: ${checked.detail}.`);
}

function gigabytes(bytes: number): number {
  return Math.floor(bytes / 1e9);
}

function good(text: string): Finding {
  return { status: 'good', text };
}

function attention(text: string): Finding {
  return { status: 'attention', text };
}

function wrong(text: string): Finding {
  return { status: 'wrong', text };
}
