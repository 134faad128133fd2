// Boards that end with the test.
import type { ExecutionContext } from 'ava';
import {
  type BoardOptions,
  type QemuBoard,
  startBoard as start,
} from '../../../lab/boards/raspberry-pi.ts';
import type { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export async function startBoard(
  t: ExecutionContext,
  board: QemuBoard,
  options: Omit<BoardOptions, 'folder'>,
): Promise<Background> {
  const running = await start(board, { ...options, folder: await temporaryFolder(t) });
  t.teardown(() => running.kill());
  return running;
}
