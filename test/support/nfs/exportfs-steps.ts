// Runs in a mount namespace of its own: the real KernelServer and the real exportfs(8), whose files lie in a folder. Arguments: the folder, and
// how many nodes there are. Prints JSON: the table of exportfs after each step, that after it has read the whole file, and
// milliseconds.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../agent/host/processes/program.ts';
import type { NfsExport } from '../../../agent/nfs/export.ts';
import { KernelServer } from '../../../agent/nfs/kernel/server.ts';

const [folder = '', count = '3'] = process.argv.slice(2);
const TABLES = '/var/lib/nfs';
const at = (name: string) => join(folder, name);
for (const name of ['etc', 'nfs', 'nodes', 'one', 'two words'])
  mkdirSync(at(name), { recursive: true });
mkdirSync(TABLES, { recursive: true });
await runProgram('cp', ['-a', '/etc/.', at('etc')]);
await runProgram('mount', ['--bind', at('etc'), '/etc']);
await runProgram('mount', ['--bind', at('nfs'), TABLES]);
mkdirSync('/etc/exports.d', { recursive: true });
// Somebody else's, which stays.
writeFileSync('/etc/exports', `${folder} 10.9.9.9/32(ro,no_subtree_check)\n`);
for (const name of ['etab', 'rmtab']) writeFileSync(join(TABLES, name), '');

const server = new KernelServer({
  ...{
    subnet: { address: '10.0.0.1' } as never,
    folder: at('state/nfs'),
    nodesFolder: at('nodes'),
  },
  onProblem: console.error,
});
const nodeOf = (index: number, image: string): NfsExport => ({
  ip: `10.0.${index >> 8}.${index & 255}`,
  mac: `52:54:00:00:${[index >> 8, index & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`,
  imagePath: at(image),
});
const all = Array.from({ length: Number(count) }, (_, index) => nodeOf(index + 2, 'one'));
const [first, ...others] = all as [NfsExport, ...NfsExport[]];
const changed = { ...first, imagePath: at('two words') };
const added = nodeOf(Number(count) + 2, 'two words');

const table = () => readFileSync(join(TABLES, 'etab'), 'utf8').trim().split('\n').toSorted();
const steps: Record<string, unknown> = {};
for (const [name, exports] of [
  ['all', all],
  ['one more', [...all, added]],
  ['another image', [changed, ...others, added]],
  ['one less', [changed, ...others]],
] as const) {
  const begun = performance.now();
  await server.apply(exports);
  const ms = performance.now() - begun;
  const told = table();
  await runProgram('exportfs', ['-r', '-a']);
  const link = await readlink(at(`nodes/${first.ip}/fs`));
  steps[name] = { ms, isSame: told.join() === table().join(), count: told.length, link };
}
console.log(JSON.stringify(steps));
