// What the API is given: its answers, what it has for browsers, and who is told of the calls that were made.
import type { RequestListener, Server } from 'node:http';
import type { Identify, Identity } from './authorisation.ts';
import type { Answers, Call, Caller } from './calls/call.ts';
import type { Calls } from './calls.ts';
import type { PageFiles } from './page/page-files.ts';

/** An answer for each call of the table. */
export type ApiAnswers = Answers<Calls>;

/** A call that somebody made, and what came of it. */
export type MadeCall = {
  readonly name: string;
  readonly call: Call;
  readonly asked: object;
  readonly caller: Caller;
  /** `done`, `begun` of one that is answered in lines, or why it was refused */
  readonly outcome: string;
  /** the answer, where it is one value */
  readonly reply?: unknown;
};

/** A call that somebody was not let make. */
export type RefusedCall = {
  readonly name: string;
  readonly by: Identity;
  /** their address; empty on a unix socket */
  readonly from: string;
  readonly reason: string;
};

/** What the API has besides its answers. */
export type ApiOptions = {
  /** told of faults of the server itself */
  readonly onProblem: (reason: unknown) => void;
  readonly identify?: Identify;
  /** told of each call that its caller was allowed to make */
  readonly onCall?: (made: MadeCall) => void;
  /** told of each call that somebody known was not allowed to make */
  readonly onRefused?: (refused: RefusedCall) => void;
  /** for browsers, besides the calls */
  readonly page?: PageFiles;
  /** milliseconds between two looks whether who listens to a long answer still may */
  readonly lookMs?: number;
  /** makes the server that calls arrive at; without it a plain one */
  readonly serverOf?: (handle: RequestListener) => Server;
};
