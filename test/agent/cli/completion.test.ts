// Completion as bash does it, with names from a real server: the script that `walt` prints, run by a real bash.
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { put } from '../../support/put.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { nodeNamed, startTestPlatform } from './test-platform.ts';

const MAIN = join(import.meta.dirname, '../../../agent/cli/main.ts');
/** What `walt` says is kept: it would be started anew for each line. */
const SCRIPT = `
walt() {
  [ -e "$cache/$2-$3" ] || "$node" "$main" "$@" > "$cache/$2-$3"
  cat "$cache/$2-$3"
}
eval "$(walt advanced dump-bash-autocomplete)"
for COMP_LINE in "$@"; do
  COMP_POINT=\${#COMP_LINE}; COMPREPLY=(); _walt; echo "\${COMPREPLY[*]}"
done`;

const SETS = 'all-devices all-nodes all-switches free-nodes my-nodes server';
const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

const cases: readonly (readonly [line: string, offered: string])[] = [
  ['walt no', 'node'],
  ['walt node acq', 'acquire'],
  ['walt node acquire ', `${SETS.replace('my-nodes', 'my-nodes one')} two`],
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
  ['walt node config two cp', 'cpu.cores='],
  ['walt node config two ram=2G firm', 'firmware='],
  ['walt node config two firmware=', 'bios uefi uefi-secure'],
  ['walt node config two firmware=u', 'uefi uefi-secure'],
  ['walt node config two disks=8G[template=e', 'ext4]'],
  ['walt device config two power.driver=c', 'command'],
  ['walt node rename t', 'two'],
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
  const mediaFolder = await temporaryFolder(t);
  for (const name of ['pc-usb.dd.gz', 'pxe.tar.gz']) await writeFile(join(mediaFolder, name), '');
  const platform = await startTestPlatform({ mediaFolder });
  t.teardown(platform.close);
  const { images, registry, folder, socket } = platform;
  const layout = await makeTinyImage(join(folder, 'made'), {});
  await images.import(layout, { name: DEFAULT, progress: () => undefined });
  for (const name of ['alice/web', 'alice/web:v2', 'bob/board']) await images.alias(DEFAULT, name);
  await put(registry, nodeNamed('one', { ip: '127.0.152.11' }));
  await put(registry, nodeNamed('two', { ip: '127.0.152.12' }));
  const ask = async (server: string, lines: readonly string[]) => {
    const cache = await temporaryFolder(t);
    const programs = [`node=${process.execPath}`, `main=${MAIN}`, `cache=${cache}`];
    const environment = [...programs, `WALT_SOCKET=${server}`, 'WALT_USER=alice'];
    const { code, said } = await runProgram(
      ['env', ...environment, 'bash', '-c', SCRIPT, 'bash', ...lines],
      { seconds: 240 },
    );
    t.is(code, 0, said);
    await t.throwsAsync(access(join(cache, 'run')), { code: 'ENOENT' }, 'a word was run');
    return said.split('\n');
  };
  const lines = cases.map(([line]) => line);
  const offered = await ask(socket, lines);
  for (const [index, [line, expected]] of cases.entries()) {
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
