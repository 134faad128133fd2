// `walt-api`: the client for programs in TypeScript and JavaScript, for npm.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from '../../run.ts';
import type { PackageFile, ReleaseFacts } from '../package.ts';

/** The files of the package: what the compiler makes of it, types beside code. @throws {Error} with what the compiler says */
export async function typescriptClient({ root, version }: ReleaseFacts): Promise<PackageFile[]> {
  const from = join(root, 'clients/typescript');
  const { private: _private, ...own } = JSON.parse(
    await readFile(join(from, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>;
  const exported = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  const description = { ...own, version, exports: exported };
  const file = (path: string) => ({ path: `package/${path}`, from: { file: join(from, path) } });
  const examples = (await readdir(join(from, 'examples'))).toSorted();
  return [
    { path: 'package/package.json', from: { text: `${JSON.stringify(description, null, 2)}\n` } },
    { path: 'package/LICENSE', from: { file: join(root, 'LICENSE') } },
    file('README.md'),
    ...examples.map((name) => file(`examples/${name}`)),
    ...(await compiled(root, from)),
  ];
}

async function compiled(root: string, from: string): Promise<PackageFile[]> {
  const to = await mkdtemp(join(tmpdir(), 'walt-api-'));
  try {
    const compiler = join(root, 'node_modules/.bin/tsc');
    await $`${compiler} --project ${join(from, 'tsconfig.build.json')} --outDir ${to}`;
    const names = (await readdir(to)).toSorted();
    return await Promise.all(
      names.map(async (name) => ({
        path: `package/dist/${name}`,
        from: { bytes: await readFile(join(to, name)) },
      })),
    );
  } finally {
    await rm(to, { recursive: true });
  }
}
