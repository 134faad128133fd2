import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { startVm } from '../../../agent/machines/vm.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

for (const [what, program] of [
  ['cannot be found', ['no-such-program']],
  ['ends at once', ['false']],
  ['is killed at once', ['sh', '-c', 'kill -KILL $$']],
] as const) {
  test(`startVm() leaves nothing when its program ${what}`, async (t) => {
    const folder = await temporaryFolder(t);
    const taps = new Set<string>();
    const network = {
      command: () => [...program],
      addTap: async (tap: string) => void taps.add(tap),
      removeTap: async (tap: string) => void taps.delete(tap),
    };
    const own = join(folder, 'vm');
    const starting = startVm({
      ...{ network, name: 'pc', mac: '52:54:00:00:00:01', firmware: 'bios', folder: own },
      serialLog: join(folder, 'serial'),
    });
    await t.throwsAsync(starting, { instanceOf: WaltError, message: /pc/ });
    t.deepEqual([...taps], []);
    t.false(existsSync(own));
  });
}
