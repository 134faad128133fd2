import test from 'ava';
import { imageSearch } from '../../../../agent/cli/commands/image/search.ts';
import { DEFAULT_FORMAT, logFormat } from '../../../../agent/cli/log/log-format.ts';
import { liveLine } from '../../../../agent/cli/terminal/live-line.ts';
import { output } from '../../../../agent/cli/terminal/output.ts';
import { table } from '../../../../agent/cli/texts/table.ts';

const EVIL = 'pi\r\n\x1b]0;title\x07\x9b2J\u202e';
const SHOWN = 'pi\\r\\n\\u001b]0;title\\u0007\\u009b2J\\u202e';

function stream(isTTY = false) {
  const said: string[] = [];
  return { said, isTTY, write: (text: string) => said.push(text) };
}

test('output() shows what moves a cursor as text, on both streams', (t) => {
  const [stdout, stderr] = [stream(), stream()];
  const { out, note } = output({ stdout, stderr });
  out('a\n\x1b[2Jb');
  note('c\r\x9bd');
  t.deepEqual([stdout.said, stderr.said], [['a\n\\u001b[2Jb\n'], ['c\\r\\u009bd\n']]);
});

for (const isTTY of [false, true]) {
  test(`liveLine() is one line, on a ${isTTY ? 'terminal' : 'file'}`, (t) => {
    const stderr = stream(isTTY);
    liveLine(stderr).show(EVIL);
    t.is(stderr.said.join('').replace('\r\x1b[K', '').trimEnd(), SHOWN);
  });
}

test('table() keeps a cell in its row', (t) => {
  t.is(
    table(['name', 'ip'], [[EVIL, '1']])
      .split('\n')
      .at(2),
    `${SHOWN}  1`,
  );
});

test('logFormat() shows a line of an earlier server as one', (t) => {
  const line = logFormat(DEFAULT_FORMAT)({
    id: 1,
    at: 0,
    issuer: 'walt-server',
    stream: 'platform.files',
    line: EVIL,
  });
  t.true(line.endsWith(`platform.files -> ${SHOWN}`), line);
});

test('walt image search prints one line for each image and complaint of a registry', async (t) => {
  const [stdout, stderr] = [stream(), stream()];
  const image = { location: 'hub', name: `a/${EVIL}`, models: null, link: `hub:a/${EVIL}` };
  const reply = { images: [image], problems: [`Cannot search hub: ${EVIL}`] };
  const client = { call: async () => reply } as never;
  const args = { words: [], flags: new Set(['names-only']), values: new Map<string, string>() };
  await imageSearch.run(client, args as never, output({ stdout, stderr }) as never);
  t.deepEqual(stdout.said, [`hub:a/${SHOWN}\n`]);
  t.deepEqual(stderr.said, [`Cannot search hub: ${SHOWN}\n`]);
});
