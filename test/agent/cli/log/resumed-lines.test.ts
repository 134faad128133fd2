import { join } from 'node:path';
import test from 'ava';
import { logAnswers } from '../../../../agent/api/answers/logs.ts';
import { serverAnswers } from '../../../../agent/api/answers/server.ts';
import type { ApiAnswers } from '../../../../agent/api/api-options.ts';
import { startApiServer } from '../../../../agent/api/servers/socket-server.ts';
import { createClient } from '../../../../agent/cli/client.ts';
import type { Io } from '../../../../agent/cli/command-line/command.ts';
import { resumedLines } from '../../../../agent/cli/log/resumed-lines.ts';
import { Metrics } from '../../../../agent/metrics/metrics.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A server with its log alone; starting it again is a restart, with what is on disk. */
async function startServer(folder: string) {
  const records = await openRecords(join(folder, 'walt.db'));
  const answers = {
    ...serverAnswers({ version: '1', metrics: new Metrics() }),
    ...logAnswers(records),
  };
  const socket = join(folder, 'walt.sock');
  const api = await startApiServer(answers as unknown as ApiAnswers, {
    socket,
    onProblem: () => undefined,
  });
  const tell = (...lines: string[]) =>
    records.publish(lines.map((message) => ({ kind: 'problem', source: 'x', message })));
  const stop = async () => {
    await api.close();
    await records.writes.close();
    await records.database.destroy();
  };
  return { socket, tell, stop };
}

test('resumedLines() gives each line once over restarts, also those of between', async (t) => {
  t.timeout(60_000);
  const folder = await temporaryFolder(t);
  let server = await startServer(folder);
  t.teardown(() => server.stop());
  const leaving = new AbortController();
  const { signal } = leaving;
  const notes: string[] = [];
  const io = { note: (line: string) => notes.push(line), signal } as unknown as Io;
  const client = createClient({ socket: server.socket, user: 'alice', signal });
  server.tell('1', '2');
  const found: string[] = [];
  for await (const { line } of resumedLines(client, { after: 0, realtime: true }, io)) {
    found.push(line);
    if (line === '9') break;
    if (Number(line) % 3 !== 2) continue;
    server.tell(`${Number(line) + 1}`);
    await server.stop();
    server = await startServer(folder);
    server.tell(`${Number(line) + 2}`, `${Number(line) + 3}`);
    if (line === '5') server.tell('9');
  }
  t.deepEqual(found, ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  t.true(notes.length >= 2);
});
