// Errors that somebody catches, or whose data somebody needs. Wrong arguments use the built-in classes.

/** Base of all errors meant for a person: the message says what is so and what to do next. */
export class WaltError extends Error {
  override name = 'WaltError';
}

/** The configuration is wrong; the message names file, key and, where known, line. */
export class ConfigError extends WaltError {
  override name = 'ConfigError' as const;
}

/** A request named something that is not there, or asked for what cannot be. Nothing was changed. */
export class RequestError extends WaltError {
  override name = 'RequestError' as const;
  readonly status: 400 | 403 | 404 | 409 | 502 | 503;

  constructor(status: RequestError['status'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** An image was refused; `problems` has one sentence for each thing missing or wrong. */
export class ImageError extends WaltError {
  override name = 'ImageError' as const;
  readonly problems: readonly string[];

  constructor(message: string, problems: readonly string[] = [], options?: ErrorOptions) {
    super([message, ...problems.map((problem) => `  - ${problem}`)].join('\n'), options);
    this.problems = problems;
  }
}

/** The text of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The texts of all that failed where several parts were stopped, each whatever became of the others. */
export function failuresOf(thrown: unknown): string[] {
  if (!(thrown instanceof SuppressedError)) return [messageOf(thrown)];
  return [...failuresOf(thrown.suppressed), ...failuresOf(thrown.error)];
}
