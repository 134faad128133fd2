// Answers to the calls about users and tokens.
import type { Accounts, Token, User } from '../../../access/accounts.ts';
import { RequestError } from '../../../errors.ts';
import { FREE_OWNER } from '../../../images/content/image.ts';
import { type Answers, type Caller, ROLES } from '../../calls/call.ts';
import type { TokenView, UserView, userCalls } from '../../calls/people/users.ts';

/** What these answers need. */
export type UserParts = {
  readonly accounts: Accounts;
  /** the OpenID provider says at each sign-in which role its users have */
  readonly providerGivesRoles?: boolean;
};

/** Answers to the calls of calls/people/users.ts. */
export function userAnswers({
  accounts,
  providerGivesRoles = false,
}: UserParts): Answers<typeof userCalls> {
  return {
    'users.logIn': async ({ user, password, name, days }, { from }) => {
      const known = await accounts.logIn(user, password, from);
      return newTokenView(await accounts.createToken({ ...known, name, days }));
    },
    'users.whoAmI': async (_, { user, role }) => {
      const account = accounts.users().find(({ name }) => name === user);
      return { user, role, hasPassword: (account?.password ?? null) !== null };
    },
    'users.list': async () => ({ users: accounts.users().map(viewUser) }),
    'users.create': async ({ name, role, password }) => {
      refuseOwnerOfAll(name, role);
      return viewUser(await accounts.create(name, role, password));
    },
    'users.change': async ({ name, ...change }, caller) => {
      const { provider } = accounts.user(name);
      if (change.role !== undefined) refuseOwnerOfAll(name, change.role);
      if (change.role !== undefined || change.isDisabled === true) refuseOneself(name, caller);
      if (change.role !== undefined && provider !== null && providerGivesRoles) {
        const reason = `${provider.issuer} says which role ${name} has (api.oidc.roles)`;
        throw new RequestError(409, `Nothing was changed: ${reason}.`);
      }
      return viewUser(await accounts.change(name, change));
    },
    'users.setPassword': async ({ old, password }, caller) => {
      const user = caller.user;
      const provider = accounts.users().find(({ name }) => name === user)?.provider ?? null;
      if (provider !== null) {
        const reason = `you sign in by ${provider.issuer} and have no password here`;
        throw new RequestError(409, `Nothing was changed: ${reason}.`);
      }
      await accounts.logIn(user, old, caller.from);
      return viewUser(await accounts.change(user, { password }));
    },
    'users.remove': async ({ name }, caller) => {
      const user = accounts.user(name);
      refuseOneself(name, caller);
      await accounts.remove(name);
      return viewUser(user);
    },
    'tokens.create': async ({ name, days, role }, caller) => {
      const most = roleOf(caller.user, { accounts, caller });
      const wanted = role ?? most;
      if (ROLES.indexOf(wanted) > ROLES.indexOf(most)) {
        const reason = `a token of yours may do what role ${most} may, not ${wanted}`;
        throw new RequestError(403, `Nothing was changed: ${reason}.`);
      }
      const wish = { user: caller.user, name, days, role: wanted, maker: caller.token };
      return newTokenView(await accounts.createToken(wish));
    },
    'tokens.list': async ({ all }, caller) => {
      if (all && caller.role !== 'admin') {
        throw new RequestError(403, `You may see your own tokens alone: yours is ${caller.role}`);
      }
      return { tokens: accounts.tokens(all ? undefined : caller.user).map(viewToken) };
    },
    'tokens.revoke': async ({ id }, caller) => {
      refuseStronger(id, { accounts, caller });
      return viewToken(
        await accounts.revoke(id, caller.role === 'admin' ? undefined : caller.user),
      );
    },
  };
}

/** Whoever takes their own rights away cannot give them back; root on the socket always can. */
function refuseOneself(name: string, { user, from }: Caller): void {
  if (name !== user || from === '') return;
  const others = 'another administrator does it, or root on the server';
  throw new RequestError(409, `Nothing was changed: this is your own account: ${others}.`);
}

/** A token that was lent with fewer rights ends none that has more. */
function refuseStronger(
  id: string,
  { accounts, caller }: { readonly accounts: Accounts; readonly caller: Caller },
): void {
  if (caller.token === undefined) return;
  const token = accounts.tokens(caller.user).find((each) => each.id === id);
  if (token === undefined || ROLES.indexOf(token.role) <= ROLES.indexOf(caller.role)) return;
  // Where the user themselves may no more, all their tokens may as much.
  const { role } = accounts.user(caller.user);
  if (ROLES.indexOf(role) <= ROLES.indexOf(caller.role)) return;
  throw new RequestError(
    403,
    `Nothing was changed: token '${id}' has role ${token.role}, the one that you ask with ${caller.role}.`,
  );
}

/** On the socket everybody is an administrator, but their tokens are what their account is. */
function roleOf(
  user: string,
  { accounts, caller }: { readonly accounts: Accounts; readonly caller: Caller },
): Caller['role'] {
  const account = accounts.users().find(({ name }) => name === user);
  if (account === undefined) {
    const make = `an administrator makes one: walt user create ${user}; WALT_USER names another one`;
    throw new RequestError(404, `Nothing was changed: there is no user '${user}'; ${make}`);
  }
  const [own, now] = [account.role, caller.role];
  return ROLES.indexOf(own) < ROLES.indexOf(now) ? own : now;
}

function viewUser({ name, role, password, created, provider, isDisabled }: User): UserView {
  const hasPassword = password !== null;
  return { name, role, hasPassword, provider: provider?.issuer ?? null, isDisabled, created };
}

function viewToken({ hash: _hash, maker: _maker, ...token }: Token): TokenView {
  return token;
}

function newTokenView({ token, stored }: { token: string; stored: Token }) {
  return { ...viewToken(stored), token };
}

/** Images of this owner are those that free nodes boot: who has the name has them. */
function refuseOwnerOfAll(name: string, role: string): void {
  if (name !== FREE_OWNER || role === 'admin') return;
  throw new RequestError(
    409,
    `Nothing was changed: images of ${FREE_OWNER} are those that free nodes boot, so that a user of this name has role admin. Take another name.`,
  );
}
