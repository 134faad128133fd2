// Rows of checkpoints: moments of the log that users gave names.
import type { CheckpointRecords } from '../../records/checkpoints.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, statement } from '../statements.ts';

/** The checkpoints in table `checkpoints`. */
export function checkpointRecords({ database, writes }: SqliteParts): CheckpointRecords {
  return {
    of: async (user) => {
      await writes.flush();
      const all = database.selectFrom('checkpoints').selectAll().where('user', '=', user);
      return await all.orderBy('at').orderBy('name').execute();
    },
    save: ({ user, name, at }) => {
      const insert = queries
        .insertInto('checkpoints')
        .values({ user, name, at })
        .onConflict((conflict) => conflict.columns(['user', 'name']).doUpdateSet({ at }));
      return writes.commit([statement(insert)]);
    },
    remove: ({ user, name }) => {
      const all = queries.deleteFrom('checkpoints');
      return writes.commit([statement(all.where('user', '=', user).where('name', '=', name))]);
    },
  };
}
