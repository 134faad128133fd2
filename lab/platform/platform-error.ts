/** Something a person can mend: shown without a stack, with what to do about it. */
export class PlatformError extends Error {
  override name = 'PlatformError' as const;
  readonly remedy: string;

  constructor(message: string, { remedy, cause }: { readonly remedy: string; cause?: unknown }) {
    super(message, { cause });
    this.remedy = remedy;
  }
}
