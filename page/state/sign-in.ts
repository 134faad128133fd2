// Signing in by a provider: the browser leaves the page for the provider's, and comes back with an answer in its address.
import { signal } from '@preact/signals';
import { call } from '../server/client.ts';
import { me } from './me.ts';
import { sentenceOf } from './notices.ts';
import { place, replace } from './router.ts';

const PLACE = 'sign-in';
/** Where in the page somebody was before. */
const BEFORE = 'walt-before-sign-in';

/** Why the last one failed; shown where somebody logs in. */
export const signInError = signal('');

/** Whether the browser has just come back from the provider. */
export function isBack(): boolean {
  return place.peek()[0] === PLACE;
}

/** What the provider is called; undefined where there is none. */
export async function providerName(): Promise<string | undefined> {
  const { openId } = await call('sessions.ways');
  return openId ?? undefined;
}

/** Leaves for the page of the provider. @throws {CallError} if that cannot be asked */
export async function leaveForProvider(): Promise<void> {
  const { url } = await call('sessions.beginOpenId', {});
  sessionStorage.setItem(BEFORE, location.pathname + location.search);
  location.assign(url);
}

/** Hands the provider's answer on. It counts once, so it does not stay in the address. */
export async function comeBack(): Promise<void> {
  const answer = location.search.slice(1);
  const before = sessionStorage.getItem(BEFORE) ?? '';
  sessionStorage.removeItem(BEFORE);
  // A path of this page alone: two slashes would be another server.
  replace(/^\/(?![/\\])/.test(before) && !before.startsWith(`/${PLACE}`) ? before : '/nodes');
  try {
    const { user, role } = await call('sessions.endOpenId', { answer });
    me.value = { user, role, hasPassword: false };
  } catch (reason) {
    signInError.value = sentenceOf(reason);
    me.value = null;
  }
}
