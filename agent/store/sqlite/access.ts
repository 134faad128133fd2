// Rows of who may use the API from other machines.
import type { AccessRecords, StoredToken, StoredUser } from '../store.ts';
import type { SqliteParts } from './parts.ts';
import { queries, statement } from './statements.ts';

/** Users and tokens in tables `users` and `tokens`. */
export function accessRecords({ database, writes }: SqliteParts): AccessRecords {
  return {
    users: async () => {
      await writes.flush();
      const rows = await database.selectFrom('users').selectAll().orderBy('name').execute();
      return rows as StoredUser[];
    },
    tokens: async () => {
      await writes.flush();
      const rows = await database.selectFrom('tokens').selectAll().orderBy('created').execute();
      return rows as StoredToken[];
    },
    saveUser: ({ name, ...rest }, { endsTokens = false } = {}) => {
      const insert = queries
        .insertInto('users')
        .values({ name, ...rest })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest));
      return writes.commit([
        statement(insert),
        ...(endsTokens ? [statement(queries.deleteFrom('tokens').where('user', '=', name))] : []),
      ]);
    },
    removeUser: (name) =>
      writes.commit([
        statement(queries.deleteFrom('tokens').where('user', '=', name)),
        statement(queries.deleteFrom('users').where('name', '=', name)),
      ]),
    saveToken: (token) => writes.commit([statement(queries.insertInto('tokens').values(token))]),
    removeToken: (id) =>
      writes.commit([statement(queries.deleteFrom('tokens').where('id', '=', id))]),
  };
}
