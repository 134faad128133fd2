// The bridge walt-net in the server VM, behind its second card, as docs/install.md has it made.
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { unitText } from './unit-text.ts';

const FILES: Readonly<Record<string, string>> = {
  '50-walt-net.netdev': unitText({
    NetDev: { Name: 'walt-net', Kind: 'bridge' },
    Bridge: { ForwardDelaySec: '0', STP: 'no' },
  }),
  '50-walt-net.network': unitText({
    Match: { Name: 'walt-net' },
    Network: { Address: '192.168.152.1/24', ConfigureWithoutCarrier: 'yes', IPv6AcceptRA: 'no' },
  }),
  '50-walt-port.network': unitText({
    Match: { Name: 'eth1' },
    Network: { Bridge: 'walt-net' },
  }),
};

/** Makes it, for this start of the VM and all later ones. */
export async function makeWaltNet(vm: ServerMachine): Promise<void> {
  for (const [name, text] of Object.entries(FILES)) {
    await vm.write(`/etc/systemd/network/${name}`, text);
  }
  await vm.succeed('systemctl restart systemd-networkd');
}
