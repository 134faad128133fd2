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
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 426 | 429 | 502 | 503 | 507;
  /** for programs, where the status says too little; it stays the same whatever the message says */
  readonly code: string | undefined;

  constructor(
    status: RequestError['status'],
    message: string,
    options?: ErrorOptions & { readonly code?: string },
  ) {
    super(message, options);
    this.status = status;
    this.code = options?.code;
  }
}

/** What was asked for is of other users, and the request did not say that they are meant. */
export class OthersError extends RequestError {
  /** what is theirs, in words */
  readonly theirs: string;

  constructor(theirs: string) {
    super(409, `Nothing was changed: ${theirs}. Ask them, or add --yes.`, { code: 'of-others' });
    this.theirs = theirs;
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

/** The disk took nothing: it is full, read-only or broken. What was to be written is lost. */
export class DiskError extends WaltError {
  override name = 'DiskError' as const;
}

/** What errors of a disk say to a person (errno(3), SQLite's result codes). */
const DISK_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOSPC|EDQUOT)\b|database or disk is full/, 'the disk is full'],
  [/^EROFS\b|attempt to write a readonly database/, 'the disk is read-only'],
  [/unable to open database file/, 'the disk is read-only or broken'],
  [/disk I\/O error/, 'the disk is full or broken'],
];

/** Why a disk took nothing, in words; undefined for any other error. */
export function diskWords(thrown: unknown): string | undefined {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return DISK_WORDS.find(([pattern]) => pattern.test(text))?.[1];
}

/** What the net's errors of the kernel and of the resolver say to a person (errno(3), getaddrinfo(3)). */
const NET_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'another program has this address and port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNABORTED: 'the connection was lost',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  EHOSTDOWN: 'it is off, or not on this network',
  EHOSTUNREACH: 'it is off, or not on this network',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'there is no way to its network',
  ENOTFOUND: 'no machine of this name is known',
  EPERM: 'permission denied',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'it does not answer',
};
/** As Node.js has them: `connect EHOSTUNREACH 10.0.0.1:80 - Local (10.0.0.2:0)`, `listen EADDRINUSE: in use :::80`. */
const NET_ERROR = /^[a-z]+ (E[A-Z_]+)(?::[^:/\d]*)?(?: (\S+))?(?: - Local \(\S+\))?$/;

/** What errors of the kernel about files say to a person (errno(3)). @param path of the file; `it` where the error names none */
const FILE_WORDS: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `no right to use ${path}`,
  EBUSY: (path) => `${path} is in use`,
  EDQUOT: () => 'the disk is full',
  EEXIST: (path) => `${path} is there already`,
  EFBIG: (path) => `${path} would be larger than its disk takes`,
  EIO: (path) => `the disk fails at ${path}`,
  EISDIR: (path) => `${path} is a folder`,
  ELOOP: (path) => `links go round in circles at ${path}`,
  EMFILE: () => 'this program has too many files open',
  ENAMETOOLONG: (path) => `the name is too long: ${path}`,
  ENFILE: () => 'this machine has too many files open',
  ENOENT: (path) => `there is no ${path === 'it' ? 'such file or folder' : path}`,
  ENOSPC: () => 'the disk is full',
  ENOTDIR: (path) => `a part of ${path} is no folder`,
  ENOTEMPTY: (path) => `folder ${path} is not empty`,
  EPERM: (path) => `no right to use ${path}`,
  EROFS: () => 'the disk is read-only',
  EXDEV: (path) => `${path} is on another disk`,
};
/** As Node.js has them: `ENOENT: no such file or directory, rename 'a' -> 'b'`. */
const FILE_ERROR = /^(E[A-Z]+): [^,]*, ([a-z]+)(?: '(.*?)')?(?: -> '(.*)')?$/s;
/** Of two paths these codes are about the second. */
const OF_TARGET = ['EEXIST', 'EISDIR', 'ENOTEMPTY'];
/** What Node.js adds to an option that it does not know, though the program may take no other words. */
const POSITIONAL_ADVICE = /\. To specify a positional argument starting with a '-', .*$/s;
/** What makes something in a folder: that is what may be missing. */
const MAKERS = ['mkdir', 'mkdtemp'];
/** `spawn skopeo ENOENT` */
const NO_PROGRAM = /^spawn (\S+) ENOENT$/;

function fileWords(message: string): string | undefined {
  const [, program] = NO_PROGRAM.exec(message) ?? [];
  if (program !== undefined) return `there is no program ${program}`;
  const [, code = '', call = '', path, target] = FILE_ERROR.exec(message) ?? [];
  if (code === 'ENOENT' && path !== undefined) {
    if (MAKERS.includes(call)) return `there is no folder ${folderOf(path)}`;
    if (target !== undefined) return `there is no ${path}, or no folder ${folderOf(target)}`;
  }
  const isOfTarget = target !== undefined && OF_TARGET.includes(code);
  return FILE_WORDS[code]?.((isOfTarget ? target : path) ?? 'it');
}

function folderOf(path: string): string {
  if (!path.includes('/')) return '.';
  return path.replace(/\/[^/]*$/, '') || '/';
}

/** Whether the kernel refused something, as a file that is missing: no fault of this program, so that nobody needs its stack. */
export function isSystemError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown;
}

/** The text of anything thrown. Errors of files and of the net become words. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // One for each address of a name that was tried, and no text of its own.
  if (thrown instanceof AggregateError && thrown.message === '') return messageOf(thrown.errors[0]);
  if (thrown.message === 'fetch failed' && thrown.cause !== undefined) {
    return messageOf(thrown.cause);
  }
  // net-snmp has errors whose message is a number or an object.
  const message = String(thrown.message);
  const [, code = '', place] = NET_ERROR.exec(message) ?? [];
  const words = NET_WORDS[code];
  if (words === undefined) return fileWords(message) ?? message.replace(POSITIONAL_ADVICE, '');
  return place === undefined ? words : `${words} (${place})`;
}

/** The texts of all that failed where several parts were stopped, each whatever became of the others. */
export function failuresOf(thrown: unknown): string[] {
  if (!(thrown instanceof SuppressedError)) return [messageOf(thrown)];
  return [...failuresOf(thrown.suppressed), ...failuresOf(thrown.error)];
}
