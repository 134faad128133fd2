import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../../..');

/** What the linter says of `text`, if it stood at `path`: in a folder with the same configuration. */
async function lint(t: ExecutionContext, path: string, text: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const config = await readFile(join(root, 'biome.json'), 'utf8');
  await writeFile(
    join(folder, 'biome.json'),
    config.replace('"enabled": true', '"enabled": false'),
  );
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout, stderr } = await $({ cwd: folder, nothrow: true })`${biome} lint ${path}`;
  return stdout + stderr;
}

const refuses = test.macro<[string, string, RegExp]>({
  exec: async (t, path, line, message) => t.regex(await lint(t, path, `${line}\n`), message),
  title: (_, path, line) => `the linter refuses ${line} in ${path}`,
});

test(refuses, 'agent/protocol/x.ts', 'setTimeout(() => 1, 1);', /time is passed in/);
test(refuses, 'agent/boot/x.ts', 'setInterval(() => 1, 1);', /time is passed in/);
test(refuses, 'agent/boot/x.ts', 'export const x = process.pid;', /are told what they need/);
test(refuses, 'agent/handlers/x.ts', "console.log('x');", /noConsole/);

test('the linter allows the command to print', async (t) => {
  t.notRegex(await lint(t, 'agent/cli/x.ts', "console.log('x');\n"), /noConsole/);
});
