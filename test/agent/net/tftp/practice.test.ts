import test from 'ava';
import { openDatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import { practiseTftp, startTftpPractice } from '../../../../agent/net/tftp/practice.ts';
import { eventually } from '../../../support/lab.ts';

/** Files that are read: by 12 clients in five ways, and by eight in another one, four times as long. */
const FILES = 5 * 12 + 8 * 4;

for (const how of ['many datagrams with one call', 'one with each call']) {
  test.serial(
    `practiseTftp() reads whole files in each way that boot loaders ask for: ${how}`,
    async (t) => {
      const batches = how.startsWith('many') ? await openDatagramBatches() : undefined;
      const options = { batches, afterMs: 0, clients: 12, bytes: 50_000 };
      t.is(await practiseTftp(options, new AbortController().signal), FILES * 50_000);
    },
  );
}

const openPorts = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap').length;

test.serial('practiseTftp() ends when the server does, and leaves no port open', async (t) => {
  const ports = async () => openPorts();
  // Those of the test before are closed a moment later.
  await eventually(ports, (count) => count === 0, 20);
  const ending = new AbortController();
  const done = practiseTftp({ afterMs: 0, clients: 16, bytes: 20_000_000 }, ending.signal);
  const ended = t.throwsAsync(done);
  await eventually(ports, (count) => count > 0, 20);
  ending.abort(new Error('the server ends'));
  await ended;
  await eventually(ports, (count) => count === 0, 20);
});

test('practice that has not begun ends at once when the server does, and a fault of it is nobody’s', async (t) => {
  await t.notThrowsAsync(startTftpPractice({ afterMs: 600_000 })());
  await t.notThrowsAsync(startTftpPractice({ afterMs: 0, clients: -1 })());
});
