/**
 * What machines say never ends the process, nor keeps it from the next that is said: an error of whoever takes it, which the event of a socket
 * would throw at nobody, is told instead.
 */
export function guarded<Said extends unknown[]>(
  take: (...said: Said) => void,
  onError: (error: Error) => void,
): (...said: Said) => void {
  return (...said) => {
    try {
      take(...said);
    } catch (thrown) {
      onError(errorOf(thrown));
    }
  };
}

/** What was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
