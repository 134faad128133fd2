// What the units may do is measured: docs/decisions/0027-privileges.md has the reasons of what is missing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { exposureOf } from '../support/server-machine/unit-exposure.ts';

const FOLDER = join(import.meta.dirname, '../../release/systemd');

/** The most that each may have. */
const MOST = {
  'walt-server.service': 2,
  'walt-runner.service': 5,
  'walt-network.service': 5,
  'walt-outside.service': 2,
  'walt-host.service': 5,
  'walt-workshop.service': 5,
} as const;

for (const [name, most] of Object.entries(MOST)) {
  test(`${name} is exposed by no more than ${most}`, async (t) => {
    const exposure = await exposureOf(join(FOLDER, name));
    if (exposure === undefined) {
      t.log('not measured: this machine has no systemd-analyze (Debian package systemd)');
      return t.pass();
    }
    const { level, complaints } = exposure;
    t.is(complaints, '', 'systemd knows each restriction');
    t.true(level <= most, `${level}`);
  });
}

test('walt-runner.service has /proc of the machine, with its NFS server', async (t) => {
  const text = await readFile(join(FOLDER, 'walt-runner.service'), 'utf8');
  // systemd mounts another one where a unit has one of these (namespace_info_mount_apivfs of systemd 252).
  t.notRegex(
    text,
    /^(ProtectControlGroups|ProtectKernelTunables|ProtectProc|ProcSubset|MountAPIVFS)=/m,
  );
});

test('the server alone may ask the helpers; the one that mounts has no mounts of its own', async (t) => {
  const text = (name: string) => readFile(join(FOLDER, name), 'utf8');
  for (const socket of ['walt-host.socket', 'walt-workshop.socket', 'walt-runner.socket']) {
    t.regex(await text(socket), /^SocketMode=0600$/m);
    t.regex(await text(socket), /^SocketUser=walt$/m);
  }
  const isApart =
    /^(Private\w+|Protect(System|Home|Proc|Kernel\w+|ControlGroups|Hostname)|\w+Paths|Root\w+)=/m;
  t.notRegex(await text('walt-host.service'), isApart);
});
