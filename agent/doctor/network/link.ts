// The interface of walt-net: there, up, with frames of the usual size.
import { access, readFile } from 'node:fs/promises';
import type { Check, Finding } from '../check.ts';

const USUAL_MTU = 1500;
/** IFF_UP, netdevice(7) */
const UP = 1;

export const link: Check = {
  name: 'link',
  run: async ({ networkInterface: name }) => {
    const folder = `/sys/class/net/${name}`;
    const read = async (file: string) => (await readFile(`${folder}/${file}`, 'utf8')).trim();
    if ((Number(await read('flags')) & UP) === 0) return down(name);
    const mtu = Number(await read('mtu'));
    if (mtu < USUAL_MTU) return narrow(name, mtu);
    if ((await read('carrier')) === '1') return { status: 'ok', detail: `${name} is up` };
    const isBridge = await access(`${folder}/bridge`).then(
      () => true,
      () => false,
    );
    if (isBridge) return { status: 'ok', detail: `${name} is up, and no machine is on now` };
    return {
      status: 'warning',
      detail: `${name} has no carrier`,
      meaning: 'No machine reaches the server, unless none is on.',
      mend: 'look at the cable and the switch',
    };
  },
};

function down(name: string): Finding {
  return {
    status: 'failed',
    detail: `${name} is down`,
    meaning: 'No machine reaches the server.',
    mend: `ip link set ${name} up`,
  };
}

function narrow(name: string, mtu: number): Finding {
  return {
    status: 'failed',
    detail: `frames on ${name} have ${mtu} bytes at most`,
    meaning: `Boot loaders send frames of ${USUAL_MTU} bytes: large packets of nodes are lost.`,
    mend: `ip link set ${name} mtu ${USUAL_MTU}`,
  };
}
