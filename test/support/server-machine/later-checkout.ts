// These sources as a later version has them: its database takes one step more.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { $ } from '../../../scripts/run.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MIGRATIONS = 'agent/store/sqlite/schema/migrations.ts';
const TABLE = 'export const migrations: Record<string, Migration> = {\n';

/** The step that it takes. */
const LATER_STEP = '999-of-a-later-version';

/** Kysely takes steps by their names, wherever they stand; the table says the last one last. */
const STEP = `
migrations['${LATER_STEP}'] = {
  async up(database: Kysely<unknown>) {
    await database.schema.createTable('later').addColumn('id', 'integer').execute();
  },
};
`;

/** @param folder where it goes, which is made. @returns it */
export async function laterCheckout(folder: string): Promise<string> {
  const list = $({ cwd: ROOT })`git ls-files -z --cached --others --exclude-standard`;
  const files = (await list).stdout.split('\0').filter((path) => /^(?!test\/)./.test(path));
  for (const path of files.filter((each) => existsSync(join(ROOT, each)))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(ROOT, path), join(folder, path));
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, MIGRATIONS);
  const text = await readFile(file, 'utf8');
  if (!text.includes(TABLE)) throw new Error(`${MIGRATIONS} has no table of migrations any more`);
  await writeFile(file, `${text}${STEP}`);
  return folder;
}
