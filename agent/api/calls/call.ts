// One row of the table of API calls, and what follows from a row for whoever answers the call and whoever makes it.
import type { FileHandle } from 'node:fs/promises';
import type { z } from 'zod';

/** What a caller may do, the least first; each may do what those before it may. */
export const ROLES = ['viewer', 'user', 'operator', 'admin'] as const;
/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** A reply that comes piece by piece: JSON, one value a line (`application/x-ndjson`). */
export type Lines<Line extends z.ZodType = z.ZodType> = { readonly line: Line };

/** For `reply` of a row: each line of the answer is of this form. */
export function lines<Line extends z.ZodType>(line: Line): Lines<Line> {
  return { line };
}

/** A reply that goes on for as long as the caller listens: events as browsers read them (`text/event-stream`). */
export type Messages<Data extends z.ZodType = z.ZodType> = { readonly data: Data };

/** For `reply` of a row: the data of each message, but for those that say what was missed. */
export function messages<Data extends z.ZodType>(data: Data): Messages<Data> {
  return { data };
}

/** A reply that is a conversation by WebSocket: bytes both ways, and JSON objects beside them. */
export type Frames<Control extends z.ZodType = z.ZodType> = { readonly frames: Control };

/** For `reply` of a row: what the server says in frames of text. */
export function frames<Control extends z.ZodType>(control: Control): Frames<Control> {
  return { frames: control };
}

/** A reply that is a text of its own form. */
export type Text = { readonly text: string };

/** For `reply` of a row. @param type of the content */
export function text(type: string): Text {
  return { text: type };
}

/** A reply that is a file: bytes, of which a caller may ask for a part. */
export type Bytes = { readonly bytes: string };

/** For `reply` of a row. @param type of the content */
export function bytes(type: string): Bytes {
  return { bytes: type };
}

/** The file of such a reply; whoever sends it closes it. */
export type SentFile = {
  readonly handle: FileHandle;
  /** bytes */
  readonly size: number;
  /** another one where the content is another */
  readonly tag: string;
  /** by which browsers keep it */
  readonly name: string;
};

/** What a client sent: bytes, or an object that is not checked yet. */
export type Received = Uint8Array | { readonly type?: unknown };

type Said = { readonly type: string; readonly [field: string]: unknown };

/** The two ways of a WebSocket. */
export type FrameLink = {
  /** Resolves when the client takes more. */
  readonly send: (frame: Uint8Array | Said) => Promise<void>;
  /** until the client has gone; read once */
  readonly received: AsyncIterable<Received>;
};

/** A conversation; it is over when the promise resolves. */
export type Session = (link: FrameLink) => Promise<void>;

/** One message; one without fields says that the server is there. */
export type Message = {
  /** by which a caller goes on, in header `last-event-id` */
  readonly id?: string;
  readonly event?: string;
  /** JSON */
  readonly data?: string;
};

/** What is taken with `params` (parts of the path), `query` (of a GET) and `body` (of a POST) has no name twice. */
export type Call = {
  readonly method: 'GET' | 'POST';
  /** `:name` stands for the field of that name in `params` */
  readonly path: `/api/v1/${string}` | '/metrics';
  /** the least role that may make this call; a viewer need not say who they are */
  readonly role: Role;
  /** a viewer has to say who they are, too */
  readonly needsUser?: boolean;
  /** made by who has not said yet who they are; what it tells is for everybody */
  readonly isOpen?: boolean;
  /** one sentence, for docs/api.md */
  readonly help: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** its body is bytes (`application/octet-stream`), however many */
  readonly takesBytes?: boolean;
  readonly reply: z.ZodType | Lines | Messages | Frames | Text | Bytes;
};

/** Rows by name: the resource, a dot, what is done with it. */
export type CallTable = Readonly<Record<string, Call>>;

type Field = 'params' | 'query' | 'body';
type SchemaOf<C, F extends Field> = C extends { readonly [key in F]: infer S extends z.ZodType }
  ? S
  : z.ZodUnknown;

/** What the caller gives: the fields of `params`, `query` and `body` in one object. */
export type Asked<C extends Call> = z.output<SchemaOf<C, 'params'>> &
  z.output<SchemaOf<C, 'query'>> &
  z.input<SchemaOf<C, 'body'>>;

/** The same as the server has it: checked, and with defaults filled in. */
export type Checked<C extends Call> = z.output<SchemaOf<C, 'params'>> &
  z.output<SchemaOf<C, 'query'>> &
  z.output<SchemaOf<C, 'body'>>;

/** One line of a reply that has lines; never, where the reply is one value. */
export type LineOf<C extends Call> = C['reply'] extends Lines<infer Line> ? z.output<Line> : never;

/** The reply that is one value; never, where it has lines. */
export type ReplyOf<C extends Call> = C['reply'] extends z.ZodType ? z.output<C['reply']> : never;

/** The browser of whoever makes a call by HTTPS. */
export type Browser = {
  /** of its session, as it shows it */
  readonly secret: string | undefined;
  /** @throws {RequestError} if no page of this server asks */
  refuseForeignPages(): void;
  /** of a sign-in that has begun in it, as it shows it */
  readonly signIn: string | undefined;
  /** It shows this from now on. */
  keep(secret: string, seconds: number): void;
  /** The same of a sign-in that has begun. */
  keepSignIn(secret: string, seconds: number): void;
  /** It shows nothing of that from now on. */
  forgetSignIn(): void;
  /** It shows nothing from now on. */
  forget(): void;
};

/** Whoever makes a call. */
export type Caller = {
  /** owner of the images `<user>/…`; empty for a viewer who did not say */
  readonly user: string;
  readonly role: Role;
  /** id of the token that proves who they are; missing where something else does */
  readonly token?: string;
  /** their address; empty on the unix socket */
  readonly from: string;
  /** aborts when the caller has gone */
  readonly signal: AbortSignal;
  /** missing on the unix socket */
  readonly browser?: Browser;
  /** of the last message that they have, if they go on */
  readonly lastEventId?: string | undefined;
  /** what they send, where the row takes bytes */
  readonly bytes?: AsyncIterable<Uint8Array> | undefined;
};

/**
 * Answers one call: the reply, or pages of its lines or messages.
 * @throws {RequestError} for what cannot be done
 */
export type Answer<C extends Call> = (
  asked: Checked<C>,
  caller: Caller,
) => C['reply'] extends Lines
  ? AsyncIterable<readonly LineOf<C>[]>
  : C['reply'] extends Messages
    ? AsyncIterable<readonly Message[]>
    : C['reply'] extends Frames
      ? Promise<Session>
      : C['reply'] extends Text
        ? Promise<string>
        : C['reply'] extends Bytes
          ? Promise<SentFile>
          : Promise<ReplyOf<C>>;

/** An answer for each row of a table. */
export type Answers<Table extends CallTable> = {
  readonly [Name in keyof Table]: Answer<Table[Name]>;
};
