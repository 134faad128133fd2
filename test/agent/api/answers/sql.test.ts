import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { sqlAnswers } from '../../../../agent/api/answers/sql.ts';

test('statements run when the database has what was acknowledged before, or the disk takes nothing', async (t) => {
  const order: string[] = [];
  const { signal } = new AbortController();
  const ask = async (flush: () => Promise<void>) => {
    const answers = sqlAnswers({
      runSql: async function* () {
        order.push('statements');
        yield { result: 0, row: { one: 1 } };
      },
      flush,
    });
    const context = { signal } as Parameters<(typeof answers)['database.sql']>[1];
    const lines = await answers['database.sql']({ sql: 'SELECT 1 AS one', write: false }, context);
    const kinds: string[] = [];
    for await (const part of lines) kinds.push(...part.map(({ kind }) => kind));
    return kinds;
  };
  const late = async () => {
    await sleep(50);
    order.push('written');
  };
  t.deepEqual(await ask(late), ['row', 'done']);
  t.deepEqual(order.splice(0), ['written', 'statements']);
  t.deepEqual(await ask(() => Promise.reject(new Error('disk full'))), ['row', 'done']);
  t.deepEqual(order, ['statements']);
});
