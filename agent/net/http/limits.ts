// How much one client of the HTTP server gets, all of them together, and how long they may take.
import type { AdmissionLimits } from '../limits/admission.ts';
import { LIMITS } from '../limits/table.ts';

type Share = { readonly perAddress: number; readonly inAll: number };

/** How much a client gets, and how long it may take. */
export type HttpLimits = {
  readonly connections: Share;
  readonly answers: Share;
  /** downloads by people, which take no place of `answers` */
  readonly media: Share;
  readonly requestMs: number;
  readonly stalledMs: number;
};

/** What the table says. */
export const HTTP_LIMITS: HttpLimits = {
  connections: LIMITS['http-connections'],
  answers: LIMITS['http-answers'],
  media: LIMITS['http-media'],
  requestMs: LIMITS['http-request'].each * 1000,
  stalledMs: LIMITS['http-stalled'].each * 1000,
};

/** Those that wait are as many as the connections that there may be. */
export function admissionOf(
  kind: 'answers' | 'media',
  { connections, ...shares }: HttpLimits,
): AdmissionLimits {
  const share = shares[kind];
  return {
    running: share.inAll,
    runningPerClient: share.perAddress,
    waiting: connections.inAll,
    waitingPerClient: connections.perAddress,
  };
}
