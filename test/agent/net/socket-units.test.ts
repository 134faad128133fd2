// What systemd is told of the sockets, and that its own program takes it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SOCKET_NAMES } from '../../../agent/net/bound-sockets.ts';
import { placeSockets, placeText } from '../../../agent/net/socket-units.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const UNITS = join(import.meta.dirname, '../../../release/systemd');
const USUAL = {
  ...{ interface: 'walt-net', address: '192.168.152.1' },
  ports: { tftp: 69, http: 80, bootup: 12_347 },
};
const OTHER = {
  ...USUAL,
  interface: 'eth7',
  address: '10.9.0.1',
  ports: { ...USUAL.ports, http: 8080 },
};

test('placeText() says nothing of the places that the units have, which are these', async (t) => {
  for (const name of SOCKET_NAMES) {
    t.is(placeText(name, USUAL), name === 'dhcp' ? '[Socket]\nBindToDevice=walt-net\n' : undefined);
    const unit = await readFile(join(UNITS, `walt-${name}.socket`), 'utf8');
    const [last = ''] = placeText(name, OTHER)?.trim().split('\n').slice(-1) ?? [];
    const usual = last.replace('eth7', 'walt-net').replace('10.9.0.1', '192.168.152.1');
    const has = unit.split('\n').includes(usual.replace(':8080', ':80'));
    t.is(has, name !== 'dhcp', `${name}: ${usual}`);
    t.true(unit.includes(`FileDescriptorName=${name}\n`));
  }
});

test('placeSockets() tells systemd once, and takes it back', async (t) => {
  const folder = await temporaryFolder(t);
  let reloads = 0;
  const place = (places: typeof USUAL | undefined) =>
    placeSockets(places, folder, async () => {
      reloads += 1;
    });
  await place(undefined);
  t.deepEqual([await readdir(folder), reloads], [[], 0]);
  await place(OTHER);
  await place(OTHER);
  t.is(reloads, 1);
  t.is((await readdir(folder)).length, SOCKET_NAMES.length);
  await place(USUAL);
  t.deepEqual([await readdir(folder), reloads], [['walt-dhcp.socket.d'], 2]);
  await place(undefined);
  t.deepEqual([await readdir(folder), reloads], [[], 3]);
});

test('systemd understands each unit, with what is said of it', async (t) => {
  const folder = await temporaryFolder(t);
  for (const name of SOCKET_NAMES) {
    const text = await readFile(join(UNITS, `walt-${name}.socket`), 'utf8');
    const file = join(folder, `walt-${name}.socket`);
    await writeFile(file, text);
    await mkdir(`${file}.d`);
    await writeFile(`${file}.d/place.conf`, placeText(name, OTHER) ?? '');
    await writeFile(
      join(folder, 'walt-server.service'),
      '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n',
    );
    const { said, stdout } = await runProgram(['systemd-analyze', 'verify', '--man=no', file]);
    const complaints = `${said}${stdout}`.split('\n').filter((line) => line.includes('walt-'));
    t.deepEqual(complaints, [], name);
  }
});
