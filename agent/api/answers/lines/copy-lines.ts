// The answer to `images.copyOut`: a tar of a file or folder, in pieces.
import { spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { messageOf } from '../../../errors.ts';
import type { CopyLine } from '../../calls/workshop.ts';

/**
 * Packs a file or folder while it is read.
 * @param find says where it is; what it throws is the answer
 * @param signal ends the work
 */
export async function* copyLines(
  find: () => Promise<string>,
  signal: AbortSignal,
): AsyncGenerator<CopyLine[]> {
  let path: string;
  try {
    path = await find();
  } catch (reason) {
    yield [{ kind: 'failed', error: messageOf(reason) }];
    return;
  }
  yield* pack(path, signal);
}

async function* pack(path: string, signal: AbortSignal): AsyncGenerator<CopyLine[]> {
  const name = basename(path);
  const args = ['--create', '--sparse', '--directory', dirname(path), '--', `./${name}`];
  const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.once('error', (cause) => {
    complaint ||= cause.message;
  });
  for await (const bytes of child.stdout) {
    yield [{ kind: 'data', data: (bytes as Buffer).toString('base64') }];
  }
  const code = await ended;
  yield [code === 0 ? { kind: 'done', name } : { kind: 'failed', error: complaint.trim() }];
}
