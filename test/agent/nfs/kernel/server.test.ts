// The kernel's NFS server where its service does not start; test/qemu/nfs-kernel.test.ts has one that does.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { createNamespace } from '../../../support/namespace.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const SOURCE = join(import.meta.dirname, '../../../../agent/nfs/kernel/server.ts');
/** Starts the server in a folder, beside somebody who has taken a port. */
const PROGRAM = `
import { createServer } from 'node:net';
import { KernelServer } from ${JSON.stringify(SOURCE)};
const [folder, port] = process.argv.slice(1);
createServer().listen(Number(port), '127.0.0.1', async () => {
  const files = { exportsFile: folder + '/exports', settingsFile: folder + '/conf' };
  const server = new KernelServer({ folder: folder + '/state/nfs', nodesFolder: folder + '/nodes', ...files });
  await server.start().catch(({ message }) => console.log(message));
  process.exit();
});
`;

async function startBeside(folder: string, port: number): Promise<string> {
  const name = `walt-knfs-${port}-${process.pid}`;
  await using network = await createNamespace(name).then((made) => ({
    ...made,
    [Symbol.asyncDispose]: () => made.remove(),
  }));
  // As systemd says it; the machine's own service is not to be touched.
  const service = join(folder, 'service');
  await writeFile(service, '#!/bin/sh\necho "Job for nfs-server.service canceled." >&2\nexit 1\n');
  await chmod(service, 0o755);
  await mkdir(join(folder, 'state'), { recursive: true });
  const node = [process.execPath, '--input-type=module', '--eval', PROGRAM, folder, String(port)];
  const command = network.command(['env', `PATH=${folder}:${process.env.PATH}`, ...node]);
  const { stdout, stderr } = await runProgram(command);
  return `${stdout}${stderr}`;
}

test('start() says so where another program has the port of NFS', async (t) => {
  const folder = await temporaryFolder(t);
  const failure =
    'Cannot serve NFS: service nfs-kernel-server failed (1): Job for nfs-server.service canceled.';
  const hint =
    "; another program listens on TCP port 2049: ss -ltnp 'sport = :2049' names it, end it";
  t.is(await startBeside(folder, 2049), `${failure}${hint}\n`);
  t.is(await startBeside(folder, 2050), `${failure}\n`);
});
