// Who is logged in, and what they may.
import { computed, signal } from '@preact/signals';
import { CallError, call, onLoggedOut, type Reply } from '../server/client.ts';

/** Somebody who is logged in. */
export type Me = Reply<'users.whoAmI'>;

/** What somebody may. */
export type Role = Me['role'];

/** The least first. */
export const ROLES: readonly Role[] = ['viewer', 'user', 'operator', 'admin'];

/** Undefined until the server has said it; null where nobody is. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether the role is enough for what takes `least`. */
export function may(least: Role): boolean {
  return ROLES.indexOf(me.value?.role ?? 'viewer') >= ROLES.indexOf(least);
}

/** Whether they may change anything. */
export const mayChange = computed(() => may('user'));

onLoggedOut(() => {
  me.value = null;
});

/** Asks the server. */
export async function findMe(): Promise<void> {
  try {
    me.value = await call('users.whoAmI');
  } catch (thrown) {
    if (!(thrown instanceof CallError)) throw thrown;
    if (thrown.status === 401 || me.value === undefined) me.value = null;
  }
}

/** @throws {CallError} if the password is wrong */
export async function logIn(user: string, password: string): Promise<void> {
  const { role } = await call('sessions.logIn', { user, password });
  me.value = { user, role, hasPassword: true };
}

/** Ends the session, whether the server still knows it or not. */
export async function logOut(): Promise<void> {
  await call('sessions.logOut', {}).catch((reason: unknown) => {
    if (!(reason instanceof CallError)) throw reason;
  });
  me.value = null;
}
