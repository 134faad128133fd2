// The exit code of a setup, by what a doctor says: a stand-in for `walt`, whose checks are files.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { lastWord } from '../../../agent/setup/last-word.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** @param second what it answers in JSON. @param first whether it is well when it is asked at first */
async function walt(t: ExecutionContext, second: string, first: boolean): Promise<string> {
  const program = join(await temporaryFolder(t), 'walt');
  const answer = `printf '%s' '${second}'`;
  const text = `#!/bin/sh\ncase $2 in --json) ${answer};; *) exit ${first ? 0 : 1};; esac\nexit 1\n`;
  await writeFile(program, text, { mode: 0o755 });
  return program;
}

const checked = (...details: string[]) =>
  JSON.stringify({
    checks: [
      { name: 'clock', status: 'ok', detail: 'it is right' },
      ...details.map((detail) => ({ name: 'nfs', status: 'failed', detail })),
    ],
  });
const LATE = 'it did not end within 10 s';

type Case = { second: string; first?: boolean; code: number; says?: number };

const cases: Record<string, Case> = {
  'a server that is well at once': { second: '', first: true, code: 0 },
  'a server that is well when asked again': { second: checked(), code: 0, says: 1 },
  'checks that only took too long': { second: checked(LATE, LATE), code: 0, says: 1 },
  'a check that failed': { second: checked('no answer'), code: 1 },
  'one that failed beside one that took too long': { second: checked(LATE, 'no answer'), code: 1 },
  'a doctor that says nothing': { second: '', code: 1 },
};

for (const [title, { second, first = false, code, says = 0 }] of Object.entries(cases)) {
  test(`lastWord() of ${title}`, async (t) => {
    const said: string[] = [];
    t.is(
      lastWord((line) => said.push(line), await walt(t, second, first)),
      code,
    );
    t.is(said.length, says);
  });
}

test('lastWord() without the program walt', (t) => {
  t.is(
    lastWord(() => t.fail(), '/nowhere/walt'),
    1,
  );
});
