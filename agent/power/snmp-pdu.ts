// The power driver of outlets of power strips that speak SNMP: `power.argument` is `ADDRESS[:PORT] MAKE OUTLET`. Who may switch them
// is what `walt device credentials NODE` was told: a community (version 2c), or a user and two passphrases (version 3).
import { isIPv4 } from 'node:net';
import { messageOf, WaltError } from '../errors.ts';
import type { Secret } from '../secrets/secrets.ts';
import type { SnmpAccess, SnmpTarget } from '../snmp/access.ts';
import { type SnmpClient, SnmpError } from '../snmp/client.ts';
import { Conversations } from '../snmp/conversations.ts';
import { type Cycles, cycleByOneOrder } from './cycles.ts';
import { type PowerDriver, PowerRefused, type PowerState, type PowerTarget } from './driver.ts';
import { type ProofTimes, seen } from './seen.ts';

/** How outlets of a make are switched. */
type Make = {
  /** column that takes orders */
  readonly order: string;
  /** column that says how an outlet stands */
  readonly state: string;
  readonly orders: Readonly<Record<'on' | 'off' | 'cycle', number>>;
  readonly states: Readonly<Record<number, PowerState>>;
};

/** From the MIBs of the vendors: PowerNet-MIB (rPDUOutletControl, rPDU2OutletSwitched, sPDUOutletCtl), PDU2-MIB (outletSwitchControl). */
export const PDU_MAKES: Readonly<Record<string, Make>> = {
  apc: {
    order: '1.3.6.1.4.1.318.1.1.12.3.3.1.1.4',
    state: '1.3.6.1.4.1.318.1.1.12.3.5.1.1.4',
    orders: { on: 1, off: 2, cycle: 3 },
    states: { 1: 'on', 2: 'off' },
  },
  apc2: {
    order: '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5',
    state: '1.3.6.1.4.1.318.1.1.26.9.2.3.1.5',
    orders: { on: 1, off: 2, cycle: 3 },
    states: { 1: 'off', 2: 'on' },
  },
  'apc-masterswitch': {
    order: '1.3.6.1.4.1.318.1.1.4.4.2.1.3',
    state: '1.3.6.1.4.1.318.1.1.4.4.2.1.3',
    orders: { on: 1, off: 2, cycle: 3 },
    states: { 1: 'on', 2: 'off' },
  },
  // The index of an outlet is that of its strip, and its own.
  raritan: {
    order: '1.3.6.1.4.1.13742.6.4.1.2.1.2.1',
    state: '1.3.6.1.4.1.13742.6.4.1.2.1.3.1',
    orders: { on: 1, off: 0, cycle: 2 },
    states: { 7: 'on', 8: 'off' },
  },
};

type Options = {
  readonly secretOf: (mac: string) => Promise<Secret | undefined>;
  readonly cycles: Pick<Cycles, 'begin' | 'end'>;
  readonly times?: ProofTimes;
  readonly conversations?: Conversations;
};

/** A strip leaves an outlet off for 5 to 60 s in a cycle, as it was told. */
const TIMES: ProofTimes = { proof: 75_000, look: 500 };

/** The driver `snmp-pdu`. */
export function snmpPdu(options: Options): PowerDriver {
  const { secretOf, cycles, times = TIMES, conversations = new Conversations() } = options;
  const outletOf = async (target: PowerTarget): Promise<Outlet> => {
    const { host, port, make, number } = outletIn(target.words);
    const access = accessOf(target, await secretOf(target.mac));
    const strip: SnmpTarget = { name: host, ip: host, port, access };
    const state = async (client: SnmpClient) => {
      const [value] = await client.get([`${make.state}.${number}`]);
      if (value === undefined) {
        throw new WaltError(`${host} has no outlet ${number}, or is of another make`);
      }
      return make.states[Number(value)] ?? 'unknown';
    };
    const text = `outlet ${number} of ${host}`;
    const read = () => conversations.have(strip, state);
    return {
      read,
      order: (verb) =>
        conversations.have(strip, async (client) => {
          // A strip without such an outlet says so to a question better than to an order.
          await state(client).catch((cause: unknown) => {
            throw new PowerRefused(messageOf(cause), { cause });
          });
          await client.order({ oid: `${make.order}.${number}`, value: make.orders[verb] });
        }),
      seen: (wanted) => {
        const failure = `${text} was given the order, and was not seen ${wanted}`;
        return seen(wanted, read, { ...times, failure });
      },
    };
  };
  const turn = async (target: PowerTarget, verb: 'on' | 'off') => {
    const outlet = await outletOf(target);
    await ordered(outlet, verb);
    await outlet.seen(verb);
  };
  return {
    canSwitch: true,
    on: (target) => turn(target, 'on'),
    off: (target) => turn(target, 'off'),
    // The strip does both: a server that ends in between leaves no machine off.
    cycle: async (target) => {
      const outlet = await outletOf(target);
      const isOff = (await outlet.read()) === 'off';
      await cycleByOneOrder(target.mac, cycles, {
        order: () => ordered(outlet, isOff ? 'on' : 'cycle'),
        prove: async () => {
          if (!isOff) await outlet.seen('off');
          await outlet.seen('on');
        },
      });
    },
    status: async (target) => (await outletOf(target)).read(),
  };
}

type Verb = 'on' | 'off' | 'cycle';

type Outlet = {
  readonly read: () => Promise<PowerState>;
  /** told once: an order for a cycle that came twice would cut off the boot that has begun */
  readonly order: (verb: Verb) => Promise<void>;
  readonly seen: (wanted: 'on' | 'off') => Promise<void>;
};

/** Where no answer comes the outlet is looked at: the strip may have obeyed, and its answer was lost. */
async function ordered({ order }: Outlet, verb: Verb): Promise<void> {
  await order(verb).catch((reason: unknown) => {
    if (!(reason instanceof SnmpError)) throw reason;
    if (!reason.isSilent) throw new PowerRefused(reason.message, { cause: reason });
  });
}

function accessOf({ name }: PowerTarget, secret: Secret | undefined): SnmpAccess {
  if (secret === undefined) {
    throw new WaltError(
      `its power strip has no credentials here; give them: walt device credentials ${name}`,
    );
  }
  const { user, password, privacy } = secret;
  if (user === '') return { version: '2c', community: password };
  if (password.length >= 8 && privacy.length >= 8) return { version: '3', user, password, privacy };
  throw new WaltError(
    `SNMP 3 needs a user, and two passphrases of 8 characters or more: walt device credentials ${name}`,
  );
}

function outletIn([address = '', makeName = '', outlet = '']: readonly string[]) {
  const [host = '', port = '161'] = address.split(':');
  const isPort = /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536;
  const make = Object.hasOwn(PDU_MAKES, makeName) ? PDU_MAKES[makeName] : undefined;
  if (isIPv4(host) && isPort && make !== undefined && /^[1-9]\d{0,3}$/.test(outlet)) {
    return { host, port: Number(port), make, number: outlet };
  }
  const makes = Object.keys(PDU_MAKES).join(', ');
  throw new WaltError(
    `power.argument has to be ADDRESS MAKE OUTLET, as 10.0.0.7 apc 5; makes are ${makes}`,
  );
}
