// A PC without a network card, from the stick as it ships: it says so, and starts anew to look for one.
import test from 'ava';
import { openLab } from '../../support/lab.ts';

test.serial(
  'a BIOS PC without a network card says so, and finds one when it starts anew',
  async (t) => {
    t.timeout(15 * 60_000);
    const lab = await openLab(t, 'nocard');
    await lab.startServer();
    const mac = '52:54:00:00:61:01';
    const pc = await lab.startPc({ name: 'nocard', mac, firmware: 'bios', extraArguments: ['-S'] });
    // A machine that has not started yields its card when it is reset.
    await pc.control('device_del', { id: 'card0' });
    await pc.control('system_reset');
    await pc.control('cont');
    const missing = /No network card found that iPXE can drive/;
    const first = await pc.waitForSerial(missing, { seconds: 300 });
    await pc.waitForSerial(/Trying again in \d+ seconds/, { seconds: 60, after: first.length });

    await pc.control('device_add', {
      ...{ driver: 'e1000', id: 'card1', netdev: 'net0', mac, romfile: '' },
    });
    const before = await pc.waitForSerial(/Starting the machine anew/, { seconds: 300 });
    t.notRegex(before, /Network card net0/);
    await pc.waitForSerial(/no image for model pc-x86-64 yet/, {
      seconds: 300,
      after: before.length,
    });
    t.regex(await lab.walt('device', 'show'), /unknown-006101 .*52:54:00:00:61:01/);
  },
);
