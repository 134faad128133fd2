// Machines that do not exist ask for addresses, with models and host names that nobody has.
import { type Attack, again, oneOf, pick } from '../attack.ts';
import { madeUpMac, packetOf, shout } from './packets.ts';

const PAUSE_MS = 100;
const AT_ONCE = 4;
const NAMES = ['host', '\u001b[2Jowned', 'a\r\nb', 'x'.repeat(200), '../../etc', '$(reboot)'];
const MODELS = ['pc-x86-64', '../../x', 'a\nb', '\u001b]0;owned\u0007', 'x'.repeat(150), ''];

export const madeUpMachines: Attack = {
  name: 'made-up-machines',
  what: 'DHCP: 40 machines a second that do not exist, with models and names that nobody has',
  run: (ground, count) =>
    again(ground, PAUSE_MS, () => {
      for (let sent = 0; sent < AT_ONCE; sent += 1) {
        const made = `made-up-${pick(ground, 1000)}`;
        const model = oneOf(ground, [...MODELS, made, made, made]);
        const said = { vendorClass: `walt.node.${model}`, hostName: oneOf(ground, NAMES) };
        const discover = { messageType: 'discover', ...said } as const;
        shout(ground, packetOf(ground, madeUpMac(ground), discover));
      }
      count(AT_ONCE);
    }),
};
