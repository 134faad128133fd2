// What GRUB asks for: it cannot announce its model by DHCP, so that the path says it, and that Secure Boot is on. A system
// that goes on by kexec says beside that which card it has.
//
//     walt/<model>/<mac>/start.grub
//     walt/<model>/<mac>/secure/start.grub
//     walt/<model>/<mac>/[secure/]card/<bus id>/start.grub
import { modelOf } from './models.ts';

/** A machine that boots by GRUB asks what to start. */
export type StartRequest = {
  readonly model: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  /** GRUB is locked down: it starts only kernels with a signature that shim or the firmware knows */
  readonly isSecure: boolean;
  /**
   * of a system that goes on by kexec, as iPXE prints `${netX/busid:hexhyp}`: kind of bus (01: PCI), vendor, device, such as
   * `01-80-86-10-0e`; all 00: its card is no PCI device
   */
  readonly busId?: string;
};

const PATH =
  /^walt\/(?=[^/]{1,62}\/)([a-z0-9]+(?:-+[a-z0-9]+)*)\/((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\/(secure\/)?(?:card\/([0-9a-f]{2}(?:-[0-9a-f]{2}){4})\/)?start\.grub$/;

/** Whether a path is what a system asks for that goes on by kexec: no loader says which card it has. */
export function isWarmStart(path: string): boolean {
  return readStartRequest(path.replace(/^\/+/, ''))?.busId !== undefined;
}

/** @param path without leading slashes; undefined result: no such request */
export function readStartRequest(path: string): StartRequest | undefined {
  const [, model, mac, secure, busId] = PATH.exec(path) ?? [];
  if (model === undefined || mac === undefined) return undefined;
  if (modelOf(model).family !== 'pc') return undefined;
  return { model, mac, isSecure: secure !== undefined, ...(busId === undefined ? {} : { busId }) };
}
