// Paths that want to lead out of a node's folder, over HTTP and TFTP as they are, by a node and by a machine without an image:
// none gets a byte of what lies outside.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { onHttpFile } from '../../../agent/handlers/files/on-http-file.ts';
import { onTftpRead } from '../../../agent/handlers/files/on-tftp-read.ts';
import { startHttpServer } from '../../../agent/net/http/server.ts';
import { readTftp } from '../../../lab/clients/tftp-reader.ts';
import { openRecords } from '../../support/records.ts';
import { sayRaw } from '../../support/servers/http-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openTftp } from '../../support/tftp/open-server.ts';

const SECRET = 'the key of the server';
const START = '#!ipxe\n';
/** Lie beside or above the image, or in it where no boot loader may read. */
const SECRETS = [
  'walt.db',
  'ssh/id_ed25519',
  'images/other/fs/etc/shadow',
  'images/own/fs/etc/shadow',
];
const TARGETS = ['etc/passwd', 'walt.db', 'images/own/fs/etc/shadow'];

/** For each target, where `UP` is a way up as many times as it takes. */
const FORMS = [
  ...['UP:../', '/UP:../', 'a/UP:../', './UP:../', '//UP:..//', 'UP:.././', 'start.ipxe/UP:../'],
  ...['UP:%2e%2e/', 'UP:..%2f', 'UP:%2e%2e%2f', 'UP:..%252f', 'UP:..%5c', 'UP:..\\', 'UP:....//'],
  ...['UP:..;/', 'UP:..%00/', 'UP:%c0%ae%c0%ae/', 'pxe/UP:../', '0a1b2c3d/UP:../'],
  ...['/proc/self/root/', 'walt/pc-x86-64/UP:../'],
];
const PATHS = TARGETS.flatMap((target) =>
  FORMS.map((form) => `${form.replace(/UP:(.*)$/, (_, up: string) => up.repeat(9))}${target}`),
);
/** Links of the image itself, which lead out. */
const LINKS = {
  'out-relative': '../../../../../walt.db',
  'out-absolute': '/../../../walt.db',
  'out-folder': '../../../../..',
  'out-proc': '/proc/self/root',
  'out-own': '../../etc/shadow',
};
const OVER_LINKS = [
  ...['out-relative', 'out-absolute', 'out-folder/walt.db', 'out-folder/ssh/id_ed25519'],
  ...['out-proc/etc/passwd', 'out-proc/../walt.db', 'out-folder/images/other/fs/etc/shadow'],
];

/** A node at 127.0.0.1 and a machine without an image at 127.0.0.2. */
async function openServers(t: ExecutionContext) {
  const state = await temporaryFolder(t);
  const put = async (path: string, content: string) => {
    await mkdir(dirname(join(state, path)), { recursive: true });
    await writeFile(join(state, path), content);
  };
  for (const path of SECRETS) await put(path, SECRET);
  for (const folder of ['pxe', 'rpi']) await put(`${folder}/file`, folder);
  const root = join(state, 'images/own/fs');
  await put('images/own/fs/boot/pc-x86-64/start.ipxe', START);
  for (const [name, target] of Object.entries(LINKS)) {
    await symlink(target, join(root, 'boot/pc-x86-64', name));
  }
  const { registry } = await openRecords(':memory:');
  const model = 'pc-x86-64';
  const node = { mac: '52:54:00:00:00:01', ip: '127.0.0.1', model, root: 'sha256:own' };
  const waiting = { mac: '52:54:00:00:00:02', ip: '127.0.0.2' };
  const devices = new Map<string, object>([node, waiting].map((each) => [each.ip, each]));
  const known = { byIp: (address: string) => devices.get(address) };
  const context = {
    ...{ registry: Object.assign(registry, known), rootOf: () => root },
    ...{ pxeFolder: join(state, 'pxe'), piFolder: join(state, 'rpi') },
    start: async () => ({ found: { kind: 'not-found', reason: 'no' }, events: [] }),
  } as never;
  const problems: unknown[] = [];
  const http = await startHttpServer({
    ...{ address: '127.0.0.1', port: 0, isServed: () => true, isKnown: () => true },
    handler: (path, address) => onHttpFile(path, address, context),
    onTransfer: () => undefined,
    onLimit: (limit) => problems.push(limit),
    onProblem: (reason) => problems.push(reason),
  });
  t.teardown(() => http.close());
  const { server: tftp } = await openTftp(t, {
    handler: async (request, client) => (await onTftpRead(request, client, context)).answer,
  });
  const byTftp = (file: string, from: string) =>
    readTftp({ server: '127.0.0.1', port: tftp.port, file, from }).then(String, (thrown: Error) => {
      if (!thrown.message.includes('no answer')) return `refused: ${thrown.message}`;
      throw thrown;
    });
  const byHttp = (path: string, from: string) => {
    const target = path.replaceAll(/[\s\0]/g, '_');
    const asked = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    return sayRaw(http.port, asked, from);
  };
  return { byTftp, byHttp, problems };
}

test('no path leads out of the folder of a node, over HTTP and TFTP', async (t) => {
  const { byTftp, byHttp, problems } = await openServers(t);
  const paths = [...PATHS, ...OVER_LINKS];
  t.is(PATHS.length, 63);
  for (const from of ['127.0.0.1', '127.0.0.2']) {
    for (const path of paths) {
      for (const target of [`/boot/${path}`, path.startsWith('/') ? path : `/${path}`]) {
        const said = await byHttp(target, from);
        t.regex(said, /^HTTP\/1\.1 4\d\d [\s\S]*\r\n\r\n$/, `${from} ${target}`);
      }
      for (const file of [path, decoded(path)]) {
        const said = await byTftp(file, from);
        t.regex(said, /^refused: /, `${from} ${file}`);
      }
    }
  }
  t.regex(await byHttp('/boot/start.ipxe', '127.0.0.1'), /200 OK[\s\S]*#!ipxe\n$/);
  t.is(await byTftp('start.ipxe', '127.0.0.1'), START);
  t.deepEqual(problems, []);
});

/** What HTTP would make of it; TFTP knows no such encoding. */
function decoded(path: string): string {
  try {
    // In a packet of TFTP a NUL ends the name.
    return decodeURIComponent(path).replaceAll('\0', '');
  } catch {
    return path;
  }
}
