// What systemd is told of the sockets, and that its own program takes it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SOCKET_NAMES } from '../../../agent/net/bound-sockets.ts';
import { placeSockets, socketWords, wordsOfVirtual } from '../../../agent/net/socket-units.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const UNITS = join(import.meta.dirname, '../../../release/systemd');
const USUAL = {
  ...{ interface: 'walt-net', address: '192.168.152.1' },
  ports: { tftp: 69, http: 80, bootup: 12_347 },
};
const OTHER = {
  ...{ interface: 'eth7', address: '10.9.0.1' },
  ports: { tftp: 1069, http: 8080, bootup: 1234 },
};
const API = {
  api: [
    { host: '10.0.0.7', port: 8443 },
    { host: '::1', port: 8443 },
  ],
};

test('socketWords() says nothing of the places that the units have', async (t) => {
  const words = socketWords(USUAL);
  t.deepEqual(
    [...words].filter(([, text]) => text !== undefined),
    [['walt-dhcp.socket', '[Socket]\nBindToDevice=walt-net\n']],
  );
  for (const name of SOCKET_NAMES) {
    const unit = await readFile(join(UNITS, `walt-${name}.socket`), 'utf8');
    t.true(unit.includes(`FileDescriptorName=${name}\n`));
    const usual = { dhcp: '0.0.0.0:67', tftp: ':69', http: ':80', bootup: ':12347' }[name];
    t.regex(unit, new RegExp(`^Listen(Datagram|Stream)=(192\\.168\\.152\\.1)?${usual}$`, 'm'));
  }
});

test('socketWords() says of others where they are, and forgets what the unit says', (t) => {
  t.is(
    socketWords(OTHER).get('walt-http.socket'),
    '[Socket]\nListenStream=\nListenStream=10.9.0.1:8080\n',
  );
});

test('wordsOfVirtual() has the API alone', (t) => {
  t.deepEqual(
    [...wordsOfVirtual(API)].filter(([, text]) => text !== undefined),
    [
      [
        'walt-api.socket',
        '[Socket]\nListenStream=\nListenStream=10.0.0.7:8443\nListenStream=[::1]:8443\n',
      ],
    ],
  );
});

test('placeSockets() tells systemd once, and takes it back', async (t) => {
  const folder = await temporaryFolder(t);
  let reloads = 0;
  const place = (words: ReturnType<typeof socketWords>) =>
    placeSockets(words, folder, async () => {
      reloads += 1;
    });
  await place(wordsOfVirtual({}));
  t.deepEqual([await readdir(folder), reloads], [[], 0]);
  await place(socketWords(OTHER));
  await place(socketWords(OTHER));
  t.is(reloads, 1);
  t.is((await readdir(folder)).length, SOCKET_NAMES.length);
  await place(socketWords(USUAL));
  t.deepEqual([await readdir(folder), reloads], [['walt-dhcp.socket.d'], 2]);
  await place(wordsOfVirtual(API));
  t.deepEqual([await readdir(folder), reloads], [['walt-api.socket.d'], 3]);
});

test('systemd understands each unit, with what is said of it', async (t) => {
  const folder = await temporaryFolder(t);
  const said = new Map([...socketWords(OTHER), ...wordsOfVirtual(API)].filter(([, text]) => text));
  for (const [unit, text] of new Map([
    ...socketWords(OTHER),
    ['walt-api.socket', said.get('walt-api.socket')],
  ])) {
    const file = join(folder, unit);
    await writeFile(file, await readFile(join(UNITS, unit), 'utf8'));
    await mkdir(`${file}.d`);
    await writeFile(`${file}.d/place.conf`, text ?? '');
    await writeFile(
      join(folder, 'walt-server.service'),
      '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n',
    );
    const { said: words, stdout } = await runProgram([
      'systemd-analyze',
      'verify',
      '--man=no',
      file,
    ]);
    const complaints = `${words}${stdout}`.split('\n').filter((line) => line.includes('walt-'));
    t.deepEqual(complaints, [], unit);
  }
});
