// Rows of who may use the API from other machines.
import type {
  AccessRecords,
  StoredRole,
  StoredSession,
  StoredToken,
  StoredUser,
} from '../records/access.ts';
import type { SqliteParts } from './parts.ts';
import type { UserRow } from './schema/schema.ts';
import { queries, statement } from './statements.ts';

/** Users, tokens and sessions in tables of these names. */
export function accessRecords({ database, writes }: SqliteParts): AccessRecords {
  return {
    users: async () => {
      await writes.flush();
      const rows = await database.selectFrom('users').selectAll().orderBy('name').execute();
      return rows.map(userOf);
    },
    tokens: async () => {
      await writes.flush();
      const rows = await database.selectFrom('tokens').selectAll().orderBy('created').execute();
      return rows as StoredToken[];
    },
    sessions: async () => {
      await writes.flush();
      const rows = await database.selectFrom('sessions').selectAll().orderBy('created').execute();
      return rows as StoredSession[];
    },
    saveUser: (user, { endsTokens = false } = {}) => {
      const { name, ...rest } = rowOf(user);
      const insert = queries
        .insertInto('users')
        .values({ name, ...rest })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest));
      return writes.commit([statement(insert), ...(endsTokens ? endings(name) : [])]);
    },
    removeUser: (name) =>
      writes.commit([
        ...endings(name),
        statement(queries.deleteFrom('users').where('name', '=', name)),
      ]),
    saveToken: (token) => writes.commit([statement(queries.insertInto('tokens').values(token))]),
    moveToken: ({ id, created, expires }) => {
      const move = queries.updateTable('tokens').set({ created, expires });
      return writes.commit([statement(move.where('id', '=', id))]);
    },
    removeTokens: (ids) =>
      writes.commit([statement(queries.deleteFrom('tokens').where('id', 'in', ids))]),
    saveSession: (session) =>
      writes.commit([statement(queries.insertInto('sessions').values(session))]),
    moveSession: ({ hash, created, expires }) => {
      const move = queries.updateTable('sessions').set({ created, expires });
      return writes.commit([statement(move.where('hash', '=', hash))]);
    },
    removeSession: (hash) =>
      writes.commit([statement(queries.deleteFrom('sessions').where('hash', '=', hash))]),
  };
}

function userOf({ disabled, issuer, subject, role, ...row }: UserRow): StoredUser {
  const provider = issuer === null || subject === null ? null : { issuer, subject };
  return { ...row, role: role as StoredRole, isDisabled: disabled === 1, provider };
}

function rowOf({ isDisabled, provider, ...user }: StoredUser): UserRow {
  const { issuer, subject } = provider ?? { issuer: null, subject: null };
  return { ...user, disabled: isDisabled ? 1 : 0, issuer, subject };
}

/** What ends all that a user has shown a password for. */
function endings(user: string) {
  return (['tokens', 'sessions'] as const).map((table) =>
    statement(queries.deleteFrom(table).where('user', '=', user)),
  );
}
