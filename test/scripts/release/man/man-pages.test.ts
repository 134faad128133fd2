import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { usage } from '../../../../agent/cli/command-line/parse.ts';
import { commands } from '../../../../agent/cli/commands.ts';
import { manPages } from '../../../../scripts/release/man/man-pages.ts';
import { $ } from '../../../../scripts/run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const PROGRAMS = ['walt', 'walt-server', 'walt-server-setup'] as const;

test('manPages() are read without a warning, and have what the programs say of themselves', async (t) => {
  t.timeout(60_000);
  const folder = await temporaryFolder(t);
  const files = await manPages(PROGRAMS, { root: ROOT, version: '1.2.3', date: 0 });
  const shown: Record<string, string> = {};
  for (const { path, from } of files) {
    const name = basename(path, '.gz');
    if (!('bytes' in from)) return t.fail(path);
    await writeFile(join(folder, name), gunzipSync(from.bytes));
    const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '1000' };
    const page = await $({ cwd: folder, env })`man --warnings --local-file ${`./${name}`}`;
    t.is(page.stderr, '', name);
    shown[name] = page.stdout.replaceAll(/\s+/g, ' ');
    const index = await $({ cwd: folder })`lexgrog ${name}`;
    t.regex(index.stdout, new RegExp(`"${basename(name, name.slice(-2))} - [a-z]`));
  }
  t.deepEqual(Object.keys(shown), ['walt.1', 'walt-server.8', 'walt-server-setup.8']);
  for (const command of commands) {
    t.true(shown['walt.1']?.includes(usage(command).replace('Usage: ', '')), command.name);
  }
  t.regex(shown['walt-server.8'] ?? '', /--check-config say whether the configuration can be used/);
  t.regex(shown['walt-server-setup.8'] ?? '', /--vlan NUMBER the nodes are in this VLAN of it/);
});
