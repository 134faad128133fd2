// A boot ROM that asks for an IPv6 router beside DHCP: it must not wait for one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startVm } from '../../../lab/machines/vm.ts';
import { Background } from '../../../lab/programs/background.ts';
import { createNamespace } from '../../support/namespace.ts';

const MAC = '52:54:00:00:0a:02';

test('the boot ROM of a card gets an answer to both of its questions', async (t) => {
  t.timeout(300_000);
  const folder = await mkdtemp(join(tmpdir(), 'walt-romcard-boot-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const namespace = await createNamespace(`wrom-${process.pid}`);
  t.teardown(() => namespace.remove());
  const program = join(import.meta.dirname, '../../support/dhcp/server-process.ts');
  const server = new Background(namespace.command([process.execPath, program, 'walt-net']));
  t.teardown(() => server.kill());
  const watch = new Background(namespace.command(['tcpdump', '-nli', 'walt-net', 'icmp6']));
  t.teardown(() => watch.kill());
  await server.waitFor(/listening/);
  await watch.waitFor(/listening on/);

  await namespace.addTap('t-romcard');
  const vm = await startVm({
    ...{ name: 'rom', mac: '52:54:00:00:0a:01', firmware: 'bios' },
    ...{ network: namespace, serialLog: join(folder, 'serial.log'), memoryMiB: 256 },
    extraArguments: [
      ...['-netdev', 'tap,id=rom,ifname=t-romcard,script=no,downscript=no'],
      ...['-device', `e1000,netdev=rom,mac=${MAC},bootindex=1`],
    ],
  });
  t.teardown(() => vm.stop());
  const said = await vm.waitForSerial(/net\d: 192\.168\.152\.\d+\/255\.255\.255\.0/, {
    seconds: 200,
  });
  t.regex(server.said, new RegExp(`request of ${MAC} from 0\\.0\\.0\\.0: ack`));
  // Without an answer it asks six times, over 16 s.
  const asked = watch.said.match(/router solicitation/g)?.length ?? 0;
  t.true(asked > 0 && asked < 6, `asked ${asked} times: ${watch.said}\n${said}`);
  t.regex(watch.said, /router advertisement/);
});
