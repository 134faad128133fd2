// Failures of a part that may pass: the registry is busy, or the connection broke off.
import { withoutAnswer } from '../registry/registry-error.ts';
import { BusyError } from './open-part.ts';

const LOST = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

/** Whether another try may do better. */
export function isPassing(thrown: unknown): boolean {
  return thrown instanceof BusyError || isLost(thrown) || isLost(causeOf(thrown));
}

/** A connection that broke off, in words; anything else as it is. */
export function inWords(thrown: unknown): unknown {
  return isLost(thrown) ? withoutAnswer(thrown) : thrown;
}

function isLost(thrown: unknown): boolean {
  return LOST.has(((thrown ?? {}) as { code?: string }).code ?? '');
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined;
}
