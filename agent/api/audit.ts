// Of the calls that change something, what the log keeps: who made which, to what, from where, and what came of it.
import type { EventOf } from '../events/event.ts';
import { isOwnerName } from '../images/content/image.ts';
import { Seldom } from '../ssh/seldom.ts';
import type { MadeCall, RefusedCall } from './api-options.ts';
import type { Call, ReplyOf } from './calls/call.ts';
import type { sessionCalls } from './calls/people/sessions.ts';

/** Fields that name what a call is about. What else a call has may be a secret, or long. */
const ABOUT = ['names', 'node', 'device', 'target', 'name', 'source', 'to', 'image', 'id'];
/** What is typed goes to a shell or console that was opened by a call of its own. */
const TYPING = ['consoles.type', 'consoles.leave', 'shells.type', 'shells.resize'];
/** Nobody has proved anything yet: what comes of it is told when it ends. */
const BEGINNINGS = ['sessions.beginOpenId'];
/** Names of moments are for whoever gave them. */
const PRIVATE = ['logs.addCheckpoint', 'logs.removeCheckpoint'];
const LONGEST = 500;

/** @returns undefined for a call that only looks */
export function auditOf(made: MadeCall): EventOf<'call-made' | 'login-refused'> | undefined {
  const { name, call, asked, caller, outcome, reply } = made;
  const fields: Readonly<Record<string, unknown>> = { ...asked };
  if (call.isOpen === true && outcome !== 'done') {
    return {
      kind: 'login-refused',
      user: name.endsWith('OpenId') ? undefined : triedName(fields.user),
      from: caller.from,
      reason: outcome,
    };
  }
  if (onlyLooks(name, call)) return undefined;
  const { role, from } = caller;
  if (name === 'sessions.endOpenId') return signedIn(made, reply as SignedIn);
  const user = caller.user === '' ? String(fields.user ?? '') : caller.user;
  return {
    ...{ kind: 'call-made', by: user, role, from, call: name },
    about: shortened(ABOUT.flatMap((field) => fields[field] ?? []).join(' ')),
    outcome: shortened(outcome),
  };
}

/** People type a password where their name belongs, and every viewer reads this: what is no name is not told. */
function triedName(typed: unknown): string {
  return typeof typed === 'string' && isOwnerName(typed) ? typed : '…';
}

type SignedIn = ReplyOf<(typeof sessionCalls)['sessions.endOpenId']>;

/** Who they are is in the answer: the provider has said it. */
function signedIn(
  { name, caller: { from }, outcome }: MadeCall,
  { user, role, provider, isNew }: SignedIn,
): EventOf<'call-made'> {
  const about = `by OpenID of ${provider}${isNew ? ', as a new user' : ''}`;
  return { kind: 'call-made', by: user, role, from, call: name, about: shortened(about), outcome };
}

/**
 * Of calls that somebody's role is not enough for. A program that tries again and again has one line for each call.
 * @param now milliseconds of a steady clock
 */
export function refusalAudit(
  now: () => number,
): (refused: RefusedCall) => EventOf<'call-made'> | undefined {
  const told = new Seldom(now);
  return ({ name, by: { user = '', role }, from, reason }) => {
    if (!told.isNews(`${user} ${name}`)) return undefined;
    const outcome = shortened(`refused: ${reason}`);
    return { kind: 'call-made', by: user, role, from, call: name, about: '', outcome };
  };
}

function onlyLooks(name: string, { method, role, isOpen, needsUser, reply }: Call): boolean {
  const changes = role !== 'viewer' || isOpen === true || needsUser === true;
  return (
    (method === 'GET' && !('frames' in reply)) ||
    !changes ||
    [...TYPING, ...PRIVATE, ...BEGINNINGS].includes(name)
  );
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
