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

const forbidden = [
  [
    'agent/protocol/x.ts',
    "import { y } from '../boot/y.ts';",
    /protocol imports nothing but itself/,
  ],
  ['agent/protocol/x.ts', "import { y } from 'node:net';", /protocol knows no socket/],
  ['agent/protocol/x.ts', "import { y } from 'node:fs/promises';", /protocol knows no socket/],
  ['agent/protocol/x.ts', 'setTimeout(() => 1, 1);', /time is passed in/],
  ['agent/boot/x.ts', "import { y } from '../nodes/y.ts';", /boot imports protocol and itself/],
  ['agent/boot/x.ts', "import { y } from 'node:fs';", /boot knows no socket/],
  ['agent/handlers/x.ts', "import { y } from '../net/y.ts';", /the direction is/],
  ['agent/nodes/x.ts', "import { y } from '../api/y.ts';", /the direction is/],
  ['agent/net/x.ts', "import { y } from '../start/dhcp.ts';", /the direction is/],
  ['agent/cli/x.ts', "import { y } from '../nodes/y.ts';", /shares only the types/],
  ['scripts/x.ts', "import { y } from '../agent/y.ts';", /share no code/],
] as const;

for (const [path, line, message] of forbidden) {
  test(`the linter refuses ${line} in ${path}`, async (t) => {
    t.regex(await lint(t, path, `${line}\nexport const x = y;\n`), message);
  });
}

test('the linter allows a handler to use nodes, boot and protocol', async (t) => {
  const text =
    "import { y } from '../nodes/y.ts';\nimport { z } from '../boot/z.ts';\nexport const x = [y, z];\n";
  t.notRegex(await lint(t, 'agent/handlers/x.ts', text), /direction/);
});
