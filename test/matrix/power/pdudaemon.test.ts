// The driver `pdudaemon` with the program itself, of Debian, in a root file system of its own: its package would start a service on
// this machine.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { pdudaemon } from '../../../agent/power/web/pdudaemon.ts';
import { freePort } from '../../../lab/network/free-port.ts';
import { Background } from '../../../lab/programs/background.ts';
import { cachedFolder } from '../../../scripts/images/cache/cached-folder.ts';
import { debianSources } from '../../../scripts/images/debian/debian-mirror.ts';
import { $ } from '../../../scripts/run.ts';
import { inContainer } from '../../support/debian-13/container.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SUITE = 'bookworm';

function rootWithPdudaemon(): Promise<string> {
  return cachedFolder('pdudaemon', {
    recipe: `${SUITE} pdudaemon`,
    async build(folder) {
      const settings = [
        ...['--mode=root', '--variant=minbase', '--include=pdudaemon'],
        '--aptopt=APT::Install-Recommends "false"',
        '--dpkgopt=path-exclude=/usr/share/{doc,man,locale}/*',
      ];
      const tar = join(folder, 'root.tar');
      await $`mmdebstrap ${settings} ${SUITE} ${tar} ${await debianSources(SUITE)}`;
      await $`tar --extract --numeric-owner --file ${tar} --directory ${folder}`;
      await $`rm ${tar}`;
    },
  });
}

test('pdudaemon of Debian does what the driver asks of it', async (t) => {
  t.timeout(15 * 60_000);
  const root = await rootWithPdudaemon();
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const log = join(folder, 'outlets');
  const conf = join(folder, 'conf');
  const command = (word: string) => `echo '%s ${word}' >> ${log}`;
  await writeFile(
    conf,
    JSON.stringify({
      daemon: { hostname: '127.0.0.1', port, logging_level: 'DEBUG', listener: 'http' },
      pdus: {
        'rack-1': { driver: 'localcmdline', cmd_on: command('on'), cmd_off: command('off') },
      },
    }),
  );
  const argv = ['pdudaemon', `--conf=${conf}`];
  const daemon = new Background(inContainer(argv, { root, folders: [folder] }));
  t.teardown(() => daemon.kill());
  const driver = pdudaemon({
    secretOf: async () => undefined,
    offMs: 1000,
    cycles: { begin: async () => undefined, end: async () => undefined },
  });
  const base = `http://127.0.0.1:${port}`;
  const target = { name: 'rpi-1', mac: 'b8:27:eb:00:00:01', ip: '192.168.152.7' };
  const asked = { ...target, words: [base, 'rack-1', '7'] };
  await eventually(
    () =>
      driver.on(asked).then(
        () => true,
        () => false,
      ),
    (isUp) => isUp,
    60,
  );
  await driver.cycle(asked);
  const lines = await eventually(
    async () => (await readFile(log, 'utf8').catch(() => '')).trim().split('\n'),
    (found) => found.length >= 3,
    30,
  );
  t.deepEqual(lines, ['7 on', '7 off', '7 on'], daemon.said);
  const wrong = { ...target, words: [base, 'rack-2', '7'] };
  await t.throwsAsync(driver.on(wrong), { message: /answers with status/ });
});
