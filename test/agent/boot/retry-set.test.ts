// While there is no image for a machine's model, each kind of boot loader is told so on its console, and tries again.
import test, { type ExecutionContext } from 'ava';
import { decideFile } from '../../../agent/boot/files.ts';
import type { Speaker } from '../../../agent/boot/request.ts';
import { onStartRequest } from '../../../agent/handlers/start/on-start-request.ts';
import { StartTroubles } from '../../../agent/handlers/start/start-troubles.ts';
import { openRecords } from '../../support/records.ts';

const mac = '52:54:00:00:00:07';
const ip = '192.168.152.7';

type Row = {
  readonly loader: string;
  readonly model: string;
  /** what it is given, as text */
  readonly get: (model: string) => Promise<string>;
  /** how it goes on from there */
  readonly again: RegExp;
};

const rows: readonly Row[] = [
  // Back in the script of the stick, which tries again (test/qemu/pc-boot.test.ts).
  {
    loader: 'iPXE',
    model: 'pc-x86-32',
    get: (model) => file('start.ipxe', model),
    again: /\nset stick-answer no-image\n$/,
  },
  // Back in the configuration of the medium, which waits and asks again (test/matrix/pc/secure-boot.test.ts).
  {
    loader: 'GRUB',
    model: 'pc-x86-64',
    get: configuration,
    again: /^set walt_answer=yes\n(echo .*\n)+$/,
  },
  ...['rpi-4-b', 'coral-dev-board', 'foo-7.x'].map((model) => ({
    ...{ loader: 'U-Boot', model, get: (name: string) => file('start.uboot', name) },
    again: /\nsleep 5\nreset\n$/,
  })),
];

for (const { loader, model, get, again } of rows) {
  test(`${loader} of a ${model} without image says so and tries again`, async (t) => {
    const text = await get(model);
    t.true(shown(text).includes(`no image for model ${model} yet; retrying`), text);
    t.regex(text, again);
  });
}

test('firmware of a Raspberry Pi without image is given our U-Boot, which says so and tries again', (t) => {
  for (const path of ['start4.elf', 'config.txt', 'u-boot-arm64.bin']) {
    t.like(place(t, path, 'raspberry-pi'), { kind: 'rpi-file', path });
  }
});

async function file(path: string, model: string): Promise<string> {
  const decision = decideFile(path, { model });
  return decision.kind === 'bytes' ? Buffer.from(decision.bytes).toString('latin1') : decision.kind;
}

async function configuration(model: string): Promise<string> {
  const records = await openRecords(':memory:', {});
  await records.detection.see({ mac, ip });
  const network = { address: '192.168.152.1', httpPort: 80, rootOf: () => '/nowhere' };
  const context = { ...records, ...network, troubles: new StartTroubles(() => 0) };
  const { found } = await onStartRequest({ model, mac, isSecure: false }, ip, context as never);
  return found.kind === 'bytes' ? Buffer.from(found.bytes).toString() : found.kind;
}

/** GRUB's screen is narrow: what it shows is broken into lines. */
function shown(text: string): string {
  return text.replaceAll("'\necho '**", '');
}

function place(t: ExecutionContext, path: string, speaker: Speaker) {
  const decision = decideFile(path, { speaker });
  return decision.kind === 'one-of' ? decision.places[0] : t.fail(decision.kind);
}
