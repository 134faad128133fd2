// Rows of what is behind ports of switches, and of the ports.
import type { PowerRecords } from '../records/power.ts';
import type { SqliteParts } from './parts.ts';
import { queries, statement } from './statements.ts';

/** What tables `places` and `ports` have. */
export function powerRecords({ database, writes }: SqliteParts): PowerRecords {
  return {
    places: async () => {
      const rows = await database.selectFrom('places').selectAll().orderBy('mac').execute();
      return rows.map(({ seen_at: seenAt, ...place }) => ({ ...place, seenAt }));
    },
    savePlaces: (places) =>
      writes.commit(
        places.map(({ seenAt: seen_at, ...place }) => {
          const row = { ...place, seen_at };
          const insert = queries.insertInto('places').values(row);
          return statement(
            insert.onConflict((conflict) => conflict.column('mac').doUpdateSet(row)),
          );
        }),
      ),
    removePlaces: (macs) =>
      writes.commit(
        macs.map((mac) => statement(queries.deleteFrom('places').where('mac', '=', mac))),
      ),
    forgetPorts: (mac) => {
      const places = queries.deleteFrom('places');
      const all = [
        places.where('mac', '=', mac),
        places.where('switch', '=', mac),
        queries.deleteFrom('ports').where('switch', '=', mac),
        queries.deleteFrom('power_learnt').where('switch', '=', mac),
      ];
      return writes.commit(all.map(statement));
    },
    ports: async () => {
      await writes.flush();
      const rows = await database.selectFrom('ports').selectAll().execute();
      return rows.map(({ off_since: offSince, ...port }) => ({ ...port, offSince }));
    },
    savePort: ({ switch: mac, port, name, offSince }) => {
      const given = {
        ...(name === undefined ? {} : { name }),
        ...(offSince === undefined ? {} : { off_since: offSince }),
      };
      const row = { switch: mac, port, name: null, off_since: null, ...given };
      const insert = queries
        .insertInto('ports')
        .values(row)
        .onConflict((conflict) => conflict.columns(['switch', 'port']).doUpdateSet(given));
      return writes.commit([statement(insert)]);
    },
    asleep: async () => {
      await writes.flush();
      return await database.selectFrom('asleep').selectAll().execute();
    },
    saveAsleep: ({ mac, since }) => {
      const remove = queries.deleteFrom('asleep').where('mac', '=', mac);
      const insert = since === null ? [] : [queries.insertInto('asleep').values({ mac, since })];
      return writes.commit([remove, ...insert].map(statement));
    },
    cycling: async () => {
      await writes.flush();
      return await database.selectFrom('cycling').selectAll().execute();
    },
    saveCycling: ({ mac, since }) => {
      const remove = queries.deleteFrom('cycling').where('mac', '=', mac);
      const insert = since === null ? [] : [queries.insertInto('cycling').values({ mac, since })];
      return writes.commit([remove, ...insert].map(statement));
    },
    learnt: async () => {
      await writes.flush();
      const rows = await database.selectFrom('power_learnt').selectAll().execute();
      return rows.map(({ watts, ...row }) => ({ ...row, watts: JSON.parse(watts) }));
    },
    saveLearnt: ({ watts, ...given }) => {
      const row = { ...given, watts: JSON.stringify(watts) };
      const insert = queries.insertInto('power_learnt').values(row);
      return writes.commit([
        statement(
          insert.onConflict((conflict) => conflict.columns(['switch', 'model']).doUpdateSet(row)),
        ),
      ]);
    },
  };
}
