// The server's side of looks at the memory of files, which the runner takes.
import { WaltError } from '../../errors.ts';
import type { FileMemory } from '../../hot/resident-files.ts';
import { insideOf } from '../paths.ts';
import { brokenOff } from '../reach.ts';
import { askRunner, openSession } from './session.ts';

/** @param socket path of the runner's @param state folder of the server's state, without links */
export function unitFileMemory(socket: string, state: string): FileMemory {
  return {
    evict: async (root) => {
      await askRunner(socket, { verb: 'evict-files', image: insideOf(state, root) });
    },
    resident: async (root) => {
      const image = insideOf(state, root);
      const { answers, close } = await openSession(socket, { verb: 'resident-files', image });
      const found = new Map<string, number>();
      try {
        for await (const answer of answers) {
          if ('files' in answer) for (const [path, size] of answer.files) found.set(path, size);
          if ('result' in answer) return found;
          if ('reason' in answer) throw new WaltError(answer.reason);
        }
      } finally {
        close();
      }
      throw brokenOff('runner');
    },
  };
}
