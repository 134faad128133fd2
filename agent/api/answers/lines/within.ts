// Requests that end by themselves.

/** @returns a signal that aborts with the given one, or after so many seconds */
export function within(seconds: number | undefined, signal: AbortSignal): AbortSignal {
  if (seconds === undefined) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(seconds * 1000))]);
}
