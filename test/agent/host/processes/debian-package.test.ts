import { globSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import test from 'ava';
import { debianPackageOf } from '../../../../agent/host/processes/debian-package.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';

const names = test.macro((t, program: string, name: string) => {
  t.is(debianPackageOf(program), name);
});
test('debianPackageOf() a program that is called as its package is', names, 'skopeo', 'skopeo');
test('debianPackageOf() ssh-keygen', names, 'ssh-keygen', 'openssh-client');

/** All that the server runs by name. */
function programsOfServer(): string[] {
  const texts = globSync('agent/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  const calls = texts.flatMap((text) => [...text.matchAll(/\brunProgram\('([^']+)'/g)]);
  return [...new Set(calls.map(([, program = '']) => program))];
}

test('debianPackageOf() every program that the server runs is true of this Debian', async (t) => {
  const isDebian = await access('/var/lib/dpkg/info').then(
    () => true,
    () => false,
  );
  const programs = programsOfServer().filter((program) => program !== 'env');
  t.true(programs.includes('ssh-keygen'));
  if (!isDebian) return;
  for (const program of programs) {
    const files = `/var/lib/dpkg/info/${debianPackageOf(program)}`;
    const list = globSync([`${files}.list`, `${files}:*.list`]);
    // What is not installed cannot be compared.
    if (list.length === 0) continue;
    const paths = list.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
    t.true(
      paths.some((path) => path.endsWith(`bin/${program}`)),
      `${program} is not in ${debianPackageOf(program)}`,
    );
  }
});

/** Packages that are on every Debian, and those that some servers need only. */
const NOT_NAMED = new Set([
  ...['coreutils', 'findutils', 'init-system-helpers', 'perl-base', 'util-linux'],
  ...['env', 'rm', 'sh', 'tar', 'walt-server'],
  ...['docker', 'git', 'ipmitool', 'nfs-kernel-server', 'podman'],
]);

test('the package of the server depends on what the server runs', async (t) => {
  const control = readFileSync('release/debian/server/control', 'utf8');
  const [, list = ''] = /^Pre-Depends: (.*)$/m.exec(control) ?? [];
  const named = new Set(list.match(/[a-z][a-z0-9+.-]+/g));
  const packages = programsOfServer().map(debianPackageOf);
  t.deepEqual(
    packages.filter((name) => !named.has(name) && !NOT_NAMED.has(name)),
    [],
  );
});

test('runProgram() names the package of a program that is missing', async (t) => {
  await t.throwsAsync(runProgram('no-such-program', []), {
    message: 'Cannot run no-such-program: it is not installed (Debian package no-such-program)',
  });
});
