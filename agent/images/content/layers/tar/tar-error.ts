/** The stream is no tar archive, or one that programs read differently from each other; the message says why. */
export class TarError extends Error {
  override name = 'TarError' as const;
}
