// The key with which the server opens nodes: made once, its public half is laid into every image.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../host/processes/program.ts';

/** Path of the private half; the public one as a line of `authorized_keys`. */
export type SshKey = { readonly privateFile: string; readonly publicKey: string };

/** Reads the key pair of `<state>/ssh`, or makes it. */
export async function serverKey(state: string): Promise<SshKey> {
  const folder = join(state, 'ssh');
  const privateFile = join(folder, 'id_ed25519');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isThere = await stat(privateFile).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const args = ['-q', '-t', 'ed25519', '-N', '', '-C', 'walt-server', '-f', privateFile];
    await runProgram('ssh-keygen', args);
  }
  return { privateFile, publicKey: await publicHalf(privateFile) };
}

/** ssh-keygen writes this half last: a server that was killed then has none. */
async function publicHalf(privateFile: string): Promise<string> {
  const text = await readFile(`${privateFile}.pub`, 'utf8').catch(() => '');
  return text === '' ? await runProgram('ssh-keygen', ['-y', '-f', privateFile]) : text;
}
