// A machine on walt-net answers ARP for everybody, as a switch with proxy ARP does.
import { join } from 'node:path';
import test from 'ava';
import { openDhcpLab } from '../../support/dhcp/lab.ts';

test.serial(
  'a machine that answers ARP for everybody is named once, and service goes on',
  async (t) => {
    const lab = await openDhcpLab(t, `da${process.pid}`);
    const liar = await lab.addMachine('liar');
    const pc = await lab.addMachine('pc');
    const wary = await lab.addMachine('wary');
    const program = join(import.meta.dirname, '../../support/dhcp/arp-for-all.ts');
    const answering = liar.start(process.execPath, program, 'liar');
    await answering.waitFor(/answering/);
    const server = await lab.startServer();
    await server.waitFor(new RegExp(`${liar.mac} answers ARP for everybody`));
    const udhcpc = ['-f', '-q', '-n', '-t', '10', '-T', '1', '-s', lab.script];
    await pc.run('udhcpc', '-i', 'pc', ...udhcpc);
    t.regex(await pc.address(), /^192\.168\.152\.\d+$/);

    // This client asks for itself, is deceived, and declines; others lose nothing by it.
    const client = wary.start('udhcpc', '-i', 'wary', ...udhcpc, '-a');
    await server.waitFor(new RegExp(`decline of ${wary.mac} from \\S+: silence`));
    await client.kill();
    t.notRegex(server.said, /found \S+ in use by another machine/);
    t.is(server.said.match(/answers ARP for everybody/g)?.length, 1);
    t.is(server.said.match(new RegExp(`is in use by ${liar.mac}`, 'g'))?.length ?? 0, 1);
  },
);
