// Completion as bash does it, with names from a real server: the script that `walt` prints, run by a real bash.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { startTestPlatform } from '../test-platform.ts';
import { completionLab, shellEnvironment, WALT_IN_SHELL } from './completion-lab.ts';

const SCRIPT = `${WALT_IN_SHELL}
eval "$(walt advanced dump-bash-autocomplete)"
for COMP_LINE in "$@"; do
  COMP_POINT=\${#COMP_LINE}; COMPREPLY=(); _walt; echo "\${COMPREPLY[*]}"
done`;

const SETS = 'all-nodes free-nodes my-nodes';

const cases: readonly (readonly [line: string, offered: string])[] = [
  ['walt no', 'node'],
  ['walt node acq', 'acquire'],
  ['walt node acquire ', `${SETS.replace('my-nodes', 'my-nodes one')} two vm`],
  ['walt node acquire t', 'two'],
  ['walt node acquire one t', 'two'],
  ['walt node acquire one,t', 'one,two'],
  ['walt node acquire --yes t', 'two'],
  ['walt node acquire --y', '--yes'],
  ['walt node wait --timeout 5 t', 'two'],
  ['walt node wait --timeout t', ''],
  ['walt node show t', 'two'],
  ['walt node show two t', ''],
  ['walt node boot two ', 'boot-local default web web:v2'],
  ['walt node boot two web:', 'v2'],
  ['walt image remove web web:v', 'v2'],
  ['walt image rename w', 'web web:v2'],
  ['walt image rename web w', ''],
  ['walt image clone walt:b', 'bob/board:latest'],
  ['walt image import w', ''],
  ['walt node config vm cp', 'cpu.cores='],
  ['walt node config vm ram=2G firm', 'firmware='],
  ['walt node config --yes vm firmware=', 'bios uefi uefi-secure'],
  ['walt node config vm firmware=u', 'uefi uefi-secure'],
  ['walt node config vm disks=8G[template=e', 'ext4]'],
  ['walt node config vm po', ''],
  [
    'walt node config two ',
    'boot.hardPerHour= boot.heal= boot.retries= boot.timeout= console= journal= kexec.allow= mount.persist= netconsole= netsetup= power.argument= power.driver= swap= timezone=',
  ],
  ['walt node config two ram=', ''],
  [
    'walt node config two,vm ',
    'boot.hardPerHour= boot.heal= boot.retries= boot.timeout= journal= kexec.allow= mount.persist= netconsole= netsetup= swap= timezone=',
  ],
  ['walt node config ghost ', ''],
  ['walt node config free-nodes po', 'power.argument= power.driver='],
  ['walt node create new cp', 'cpu.cores='],
  ['walt node create new firmware=u', 'uefi uefi-secure'],
  ['walt node create new po', ''],
  ['walt device config two power.driver=c', 'command'],
  ['walt node rename t', 'two'],
  ['walt device config all', 'all-devices all-nodes all-switches'],
  ['walt device config one,t', 'one,two'],
  ['walt device config wal', ''],
  ['walt device rename s', ''],
  ['walt device forget one t', 'two'],
  ['walt device forget one,t', 'one,two'],
  ['walt image cp web:v', 'v2:/'],
  ['walt image cp HERE/we', 'HERE/web.txt HERE/website/'],
  ['walt image cp HERE/web.txt we', 'web:/ web:v2:/'],
  ['walt node power two ', 'cycle off on status'],
  ['walt node reboot --h', '--hard --help'],
  ['walt media get p', 'pc-usb.dd.gz pxe.tar.gz'],
  ['walt media write p', 'pc-usb.dd.gz'],
  ['walt media wr', 'write'],
  ['walt media get pc-usb.dd.gz p', ''],
  ['walt help show tr', 'troubleshooting'],
  ['walt nonsense show ', ''],
  ['walt node show $(touch$IFS$cache/run)', ''],
  ['walt node acquire one,$(touch$IFS$cache/run),t', 'one,$(touch$IFS$cache/run),two'],
];

test.serial('bash completes names of nodes and images', async (t) => {
  const { socket, here } = await completionLab(t);
  const ask = async (server: string, lines: readonly string[]) => {
    const { cache, environment } = await shellEnvironment(t, server);
    const { code, said } = await runProgram(
      ['env', ...environment, 'bash', '-c', SCRIPT, 'bash', ...lines],
      { seconds: 240 },
    );
    t.is(code, 0, said);
    await t.throwsAsync(access(join(cache, 'run')), { code: 'ENOENT' }, 'a word was run');
    return said.split('\n');
  };
  const placed = cases.map((texts) => texts.map((text) => text.replaceAll('HERE', here)));
  const offered = await ask(
    socket,
    placed.map(([line = '']) => line),
  );
  for (const [index, [line, expected]] of placed.entries()) {
    t.is(offered[index]?.split(' ').toSorted().join(' '), expected, line);
  }
  const alone = await ask('/nonexistent', ['walt no', 'walt node acquire t']);
  t.deepEqual(alone, ['node', '', ''], 'without a server no name, and no complaint');
});

test.serial('walt advanced complete says which kinds of names there are', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { code, err } = await platform.walt('advanced', 'complete', 'walts');
  t.is(code, 1);
  t.regex(err, /no names of kind 'walts'\. Kinds: nodes, node, device/);
});
