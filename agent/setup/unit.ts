// The unit that makes walt-net on an interface of this machine, whoever else looks after networks here: iproute2 does it.
import type { MachineFacts } from './checks.ts';
import { BRIDGE, portOf, type RealChoice } from './choice.ts';

const IP = '/usr/sbin/ip';

/**
 * Text of a unit of systemd, which makes the bridge when it starts and takes it away when it stops.
 * @param isDown whether the interface is off before that, and is to be so again
 */
export function unitText(choice: RealChoice, { isDown }: { readonly isDown: boolean }): string {
  const device = `sys-subsystem-net-devices-${escaped(choice.interface)}.device`;
  return [
    '# Made by walt-server-setup; walt-server-setup --undo takes it away.',
    '[Unit]',
    'Description=walt-net, the network of the nodes',
    `Wants=${device}`,
    `After=${device} network-pre.target`,
    'Before=walt-server.service',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    // What a start that failed has left.
    ...removing(choice).map((words) => `ExecStartPre=-${IP} ${words}`),
    ...making(choice).map((words) => `ExecStart=${IP} ${words}`),
    ...removing(choice).map((words) => `ExecStop=-${IP} ${words}`),
    ...(isDown ? [`ExecStop=-${IP} link set ${choice.interface} down`] : []),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/**
 * Whether the interface of a choice is off as long as no setup has made walt-net.
 * @param unit text of the unit of an earlier setup, which has turned its interface on; empty where there is none
 */
export function isOffWithout(
  { interface: name }: RealChoice,
  { links, unit }: Pick<MachineFacts, 'links'> & { readonly unit: string },
): boolean {
  const turns = (way: string) =>
    unit.split('\n').some((line) => line.endsWith(` link set ${name} ${way}`));
  if (turns('up')) return turns('down');
  return links.some((link) => link.name === name && !link.isUp);
}

function making(choice: RealChoice): string[] {
  const { interface: name, vlan, address } = choice;
  const port = portOf(choice);
  return [
    // Without a forward delay a port forwards at once: a node's first DHCP packets are not lost.
    `link add ${BRIDGE} type bridge stp_state 0 forward_delay 0`,
    ...(vlan === undefined ? [] : [`link add link ${name} name ${port} type vlan id ${vlan}`]),
    `link set ${port} master ${BRIDGE}`,
    ...new Set([`link set ${name} up`, `link set ${port} up`]),
    `address add ${address} dev ${BRIDGE}`,
    `link set ${BRIDGE} up`,
  ];
}

/** An interface leaves the bridge when the bridge goes. */
function removing(choice: RealChoice): string[] {
  const port = portOf(choice);
  return [`link delete ${BRIDGE}`, ...(choice.vlan === undefined ? [] : [`link delete ${port}`])];
}

/** As systemd names the units of devices (systemd-escape(1)). */
function escaped(name: string): string {
  return name.replaceAll(
    /[^A-Za-z0-9:_.]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
