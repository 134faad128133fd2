import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { startVm } from '../../../lab/machines/vm.ts';
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

/** Has its socket for a while before it listens there, as a QEMU that is kept from its processor just then. */
const SLOW_TO_LISTEN = `
  use Socket;
  socket(my $door, PF_UNIX, SOCK_STREAM, 0);
  bind($door, pack_sockaddr_un($ARGV[0]));
  select(undef, undef, undef, 0.4);
  listen($door, 5);
  accept(my $caller, $door);
  <$caller> for 1, 2;
  syswrite $caller, qq({"return": {}, "id": "query-status"}\n);
  sleep 60;`;

test('startVm() waits for a machine that does not listen yet', async (t) => {
  const folder = join(await temporaryFolder(t), 'vm');
  const nothing = async () => undefined;
  const vm = await startVm({
    network: {
      command: () => ['perl', '-e', SLOW_TO_LISTEN, join(folder, 'qmp')],
      ...{ addTap: nothing, removeTap: nothing },
    },
    ...{ name: 'pc', mac: '52:54:00:00:00:01', firmware: 'bios', folder },
    serialLog: join(folder, 'serial'),
  });
  t.true(vm.pid > 0);
  await vm.stop();
});
