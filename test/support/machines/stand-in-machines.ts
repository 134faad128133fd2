// In place of QEMU machines, which need a bridge and minutes: remembers which ones there are, and which run.
// Real ones are in test/qemu/virtual-nodes.test.ts.
import { WaltError } from '../../../agent/errors.ts';

/** Machines that do as they are told, unless `refusal` says why not. */
export class StandInMachines {
  /** by MAC, whether it runs */
  readonly on = new Map<string, boolean>();
  /** what the machine of the server cannot carry, in words */
  refusal: string | undefined;
  /** why powering on fails, in words */
  failure: string | undefined;

  /** what is wrong with machines, in words */
  trouble: string | undefined;

  stateOf = (mac: string) => {
    const isOn = this.on.get(mac);
    if (isOn === undefined) return undefined;
    const trouble = this.trouble === undefined ? {} : { trouble: this.trouble };
    return isOn ? { isOn, accelerator: 'tcg' as const, ...trouble } : { isOn, ...trouble };
  };

  complaint = async () => undefined;

  complaintAbout = async () => this.refusal;

  add = (mac: string) => this.powerOn(mac);

  remove = async (mac: string) => {
    this.on.delete(mac);
  };

  powerOn = async (mac: string) => {
    if (this.failure !== undefined) throw new WaltError(this.failure);
    this.on.set(mac, true);
  };

  powerOff = async (mac: string) => {
    this.on.set(mac, false);
  };

  powerCycle = (mac: string) => this.powerOn(mac);

  powerStatus = async (mac: string) => (this.on.get(mac) ? 'on' : 'off');
}
