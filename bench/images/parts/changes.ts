/** What people do with images beside buildah alone: both begin with the same image and end with the changed one. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare } from '../../harness/compare.ts';
import { seconds } from '../../harness/seconds.ts';
import { markdownTable, type Row } from '../../harness/table.ts';
import { changeByBuildah } from '../changes/buildah-alone.ts';
import type { Change, Inputs } from '../changes/change.ts';
import { changeByOurs, FROM } from '../changes/ours.ts';
import { layoutOfBase } from '../registry.ts';
import type { Bench, Part } from './part.ts';

const TITLES: Readonly<Record<Change, string>> = {
  cp: '`walt image cp`, a file of 1 MB',
  build: '`walt image build`, FROM and COPY',
  squash: '`walt image squash`',
  shell: '`walt image shell`, a small change, saved',
};
/** At most 1.2 times what buildah takes. */
const AIM = 0.83;
const FILE_BYTES = 1_000_000;

export const changes: Part = {
  name: 'changes',
  async measure({ lab, rounds }: Bench) {
    const inputs = await writeInputs(join(lab.folder, 'inputs'));
    const layout = layoutOfBase(lab);
    const byBuildah = changeByBuildah(lab, { ...inputs, layout, from: `localhost/${FROM}` });
    const contestants = [await changeByOurs(lab, inputs), byBuildah];
    const rows: Row[] = [];
    for (const [change, title] of Object.entries(TITLES) as [Change, string][]) {
      const measure = async (one: (typeof contestants)[number]) => {
        await one.reset();
        return await seconds(() => one.change(change));
      };
      const measured = await compare(contestants, measure, { rounds });
      console.error(JSON.stringify({ change, measured }));
      const row = { unit: 's', better: 'less', aim: AIM, hasBaseline: false } as const;
      rows.push({ ...row, title, measured });
    }
    await byBuildah.reset();
    return markdownTable(rows);
  },
};

async function writeInputs(folder: string): Promise<Inputs> {
  const context = join(folder, 'context');
  await mkdir(context, { recursive: true });
  const file = join(folder, 'file');
  const bytes = randomBytes(FILE_BYTES);
  for (const path of [file, join(context, 'file')]) await writeFile(path, bytes);
  await writeFile(join(context, 'Dockerfile'), `FROM ${FROM}\nCOPY file /opt/copied\n`);
  return { file, context };
}
