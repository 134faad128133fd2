// A PC whose power is the port of an emulated switch with PoE: the port really starts and ends QEMU.
import type { ExecutionContext } from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import type { Vm } from '../../../lab/machines/vm.ts';
import { followLines, macOfServer, plugSwitch } from './plugged-switch.ts';

const SWITCH = '02:5e:00:00:00:02';
const MOST_STARTS = 3;

/** The PC, behind port 3 of its switch. */
export type PoweredPc = {
  /** Turns it on the first time. */
  start(): Promise<void>;
  /** Its processors stand still. */
  freeze(): Promise<void>;
  /** `3 off` and `3 on`, as the port was switched. */
  switched(): string[];
};

/** Plugs the switch in, and tells the server of it. @param machine its name is at most 8 characters long */
export async function openPoweredPc(
  t: ExecutionContext,
  lab: Lab,
  { name, mac }: { readonly name: string; readonly mac: string },
): Promise<PoweredPc> {
  const { program, tell } = await plugSwitch(t, lab, { name, mac: SWITCH, ports: 4 });
  await tell(`station 1 ${await macOfServer(lab)}`, `station 3 ${mac}`, 'board 3');

  let pc: Vm | undefined;
  let starts = 0;
  const start = async () => {
    for (let tries = 1; ; tries += 1) {
      starts += 1;
      try {
        pc = await lab.startPc({ name: `${name}${starts}`, mac, firmware: 'bios' });
        return;
      } catch (reason) {
        // On a busy computer QEMU may take longer to start than is waited for.
        if (tries === MOST_STARTS) throw reason;
        t.log(String(reason));
      }
    }
  };
  followLines(t, program, async (line) => {
    if (line === '3 off') await pc?.stop();
    if (line === '3 on') await start();
  });
  return {
    start,
    freeze: async () => {
      await pc?.control('stop');
    },
    switched: () => program.said.match(/^3 (?:on|off)$/gm) ?? [],
  };
}
