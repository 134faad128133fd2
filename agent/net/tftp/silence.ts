/**
 * Transfers whose clients have fallen silent: they have given up their turn, since a client that was switched off in the
 * middle is not to keep others waiting, and go on in case it speaks again. Where there are too many of them, the one that
 * has been silent for longest ends.
 */
import type { AdmissionLimits } from '../limits/admission.ts';

type Silent = {
  /** When the client said something new last, in milliseconds of a steady clock. */
  readonly heardAt: number;
  abandon(message: string): void;
};

/** Milliseconds without a word of the client; one that lives repeats itself sooner. */
export const silenceMs = 2000;
/** The same of a client that has said nothing at all but its request, which anybody can send in its name. */
export const unansweredMs = 500;

/** As many as may run at once, in all and for one client, may be silent beside them. */
export class TftpSilence {
  readonly #limits: Pick<AdmissionLimits, 'running' | 'runningPerClient'>;
  readonly #addresses = new Map<Silent, string>();

  constructor(limits: Pick<AdmissionLimits, 'running' | 'runningPerClient'>) {
    this.#limits = limits;
  }

  /** @param address of the client, dotted IPv4 */
  add(transfer: Silent, address: string): void {
    this.#addresses.set(transfer, address);
    const ofClient = [...this.#addresses].filter(([, other]) => other === address);
    if (ofClient.length > this.#limits.runningPerClient) this.#end(ofClient.map(([one]) => one));
    if (this.#addresses.size > this.#limits.running) this.#end([...this.#addresses.keys()]);
  }

  /** The transfer is over. */
  delete(transfer: Silent): void {
    this.#addresses.delete(transfer);
  }

  #end(transfers: readonly Silent[]): void {
    let [oldest] = transfers;
    if (oldest === undefined) return;
    for (const one of transfers) if (one.heardAt < oldest.heardAt) oldest = one;
    this.#addresses.delete(oldest);
    oldest.abandon('the client fell silent');
  }
}
