// What `systemd-analyze security` says of the units: from 0.0 (nothing can be done with it) to 10.0.
// docs/decisions/0027-privileges.md has the reasons of what is missing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { $ as run } from '../../scripts/run.ts';

const ROOT = join(import.meta.dirname, '../..');
const $ = run({ quiet: true, nothrow: true });

/** The most that each may have; 2.0 is what the server is to come to. */
const MOST = { 'walt-server.service': 6.4, 'walt-host.service': 5 } as const;

for (const [name, most] of Object.entries(MOST)) {
  test(`${name} is exposed by no more than ${most}`, async (t) => {
    const unit = join(ROOT, 'release/systemd', name);
    const { stdout, stderr, exitCode } =
      await $`systemd-analyze security --offline=true --no-pager ${unit}`;
    if (exitCode === 127) {
      t.log('not measured: this machine has no systemd-analyze (Debian package systemd)');
      return t.pass();
    }
    const [, level] = /Overall exposure level for .*: (\d+\.\d)/.exec(stdout) ?? [];
    t.true(Number(level) <= most, `${level} ${stderr}`);
  });
}

test('every restriction of the units is one that systemd knows', async (t) => {
  const { exitCode } = await $`systemd-analyze --version`;
  if (exitCode === 127) return t.pass();
  for (const name of Object.keys(MOST)) {
    const unit = join(ROOT, 'release/systemd', name);
    const { stderr } = await $`systemd-analyze security --offline=true --no-pager ${unit}`;
    t.is(stderr, '', name);
  }
});

test('who may ask the helper is root alone, and nobody may use mounts of its own there', async (t) => {
  const text = (name: string) => readFile(join(ROOT, 'release/systemd', name), 'utf8');
  t.regex(await text('walt-host.socket'), /^SocketMode=0600$/m);
  t.notRegex(
    await text('walt-host.service'),
    /^(Private(Mounts|Tmp|Devices|Network|Users)|Protect(System|Home|Proc|Kernel\w+|ControlGroups|Hostname)|ReadWritePaths)=/m,
  );
});
