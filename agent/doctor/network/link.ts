// The interface of walt-net: there, up, with frames of the usual size.
import { linkNamed } from '../../host/links/links.ts';
import type { Check, Finding } from '../check.ts';

const USUAL_MTU = 1500;

export const link: Check = {
  name: 'link',
  run: async ({ networkInterface: name }) => {
    const found = await linkNamed(name);
    if (found === undefined) return missing(name);
    if (!found.isUp) return down(name);
    if (found.mtu < USUAL_MTU) return narrow(name, found.mtu);
    if (found.hasCarrier) return { status: 'ok', detail: `${name} is up` };
    if (found.bridge !== undefined) {
      return { status: 'ok', detail: `${name} is up, and no machine is on now` };
    }
    return {
      status: 'warning',
      detail: `${name} has no carrier`,
      meaning: 'No machine reaches the server, unless none is on.',
      mend: 'look at the cable and the switch',
    };
  },
};

function missing(name: string): Finding {
  return {
    status: 'failed',
    detail: `there is no interface ${name}`,
    meaning: 'No machine reaches the server.',
    mend: 'walt-server-setup',
  };
}

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
