// The driver `ipmi` with a BMC that OpenIPMI's simulator is.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { ipmi } from '../../../agent/power/ipmi.ts';
import { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const target = { name: 'pc-1', mac: '52:54:00:aa:bb:cc', ip: '192.168.152.7' };
const secret = { user: 'walt', password: 'bmc-secret', privacy: '' };

/** Arguments of the processes of a program that has this word among them, as everybody sees them; waits for the first one. */
async function commandLinesOf(program: string, word: string): Promise<string[]> {
  for (let round = 0; round < 500; round += 1) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    const found = lines.filter((line) => line.startsWith(program) && line.includes(`\0${word}\0`));
    if (found.length > 0) return found;
    await sleep(20);
  }
  return [];
}

test('ipmi switches a machine by its BMC', async (t) => {
  const folder = await temporaryFolder(t);
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  const power = join(folder, 'power');
  await writeFile(power, '1');
  // Asked as `get power` and `set power 0`, as ipmi_lan(5) has it.
  const control = join(folder, 'control');
  await writeFile(
    control,
    `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    get) echo "power:$(cat ${power})"; shift 2 ;;
    set) [ -e ${power}-stuck ] && echo 0 > ${power} || echo "$3" > ${power}; shift 3 ;;
    *) shift ;;
  esac
done
`,
    { mode: 0o755 },
  );
  await writeFile(
    join(folder, 'lan.conf'),
    `name "test"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_admin none md5
    guid a123456789abcdefa123456789abcdef
  endlan
  chassis_control "${control}"
  user 1 true "" "" user 10 none
  user 2 true "${secret.user}" "${secret.password}" admin 10 none md5
`,
  );
  await writeFile(
    join(folder, 'test.emu'),
    'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nmc_enable 0x20\n',
  );
  const sim = new Background(
    [
      'ipmi_sim',
      '-c',
      join(folder, 'lan.conf'),
      '-f',
      join(folder, 'test.emu'),
      '-s',
      folder,
      '-n',
    ],
    { hasInput: true },
  );
  t.teardown(() => sim.kill());
  const lines: string[] = [];
  const note = (verb: string) => async (mac: string) => void lines.push(`${verb} ${mac}`);
  const options = {
    ...{ cycles: { begin: note('begin'), end: note('end') }, offMs: 10 },
    times: { proof: 500, look: 50 },
    // The simulator does not say which suites it has, and ipmitool would ask for 6 s each time.
    more: ['-C', '3'],
  };
  const driver = ipmi({ ...options, secretOf: async () => secret });
  const asked = { ...target, words: ['127.0.0.1', String(port)] };
  // It says nothing when it is ready.
  for (let round = 0; round < 20; round += 1) {
    const isReady = await driver.status(asked).then(
      () => true,
      () => false,
    );
    if (isReady) break;
  }
  t.is(await driver.status(asked), 'on', sim.said);
  await driver.off(asked);
  t.is((await readFile(power, 'utf8')).trim(), '0');
  t.is(await driver.status(asked), 'off');
  lines.length = 0;
  await driver.cycle(asked);
  t.is(await driver.status(asked), 'on');
  t.deepEqual(lines, [`begin ${target.mac}`, `end ${target.mac}`]);
  // It takes the order, and the machine stays off.
  await writeFile(`${power}-stuck`, '');
  await t.throwsAsync(driver.cycle(asked), {
    message: /took the order, and the machine is not on/,
  });
  t.deepEqual(lines.slice(2), [`begin ${target.mac}`]);

  const password = 'not-this-one';
  const wrong = ipmi({ ...options, secretOf: async () => ({ ...secret, password }) });
  const thrown = await t.throwsAsync(wrong.status(asked), { message: /Unable to establish IPMI/ });
  t.false(thrown?.message.includes(password));
  // No order was given.
  await t.throwsAsync(wrong.cycle(asked));
  t.deepEqual(lines.slice(3), [`begin ${target.mac}`, `end ${target.mac}`]);
  // Where nobody answers ipmitool tries for a while: long enough to look at what others see of it.
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const nobody = { ...target, words: ['127.0.0.1', String(silent.address().port)] };
  const patient = { ...options, more: ['-C', '3', '-R', '1'], secretOf: async () => secret };
  const [, seen] = await Promise.all([
    t.throwsAsync(ipmi(patient).status(nobody), { message: /Unable to establish IPMI/ }),
    commandLinesOf('ipmitool', String(silent.address().port)),
  ]);
  t.true(seen.length > 0);
  t.false(seen.some((line) => line.includes(secret.password)));
  await t.throwsAsync(ipmi({ ...options, secretOf: async () => undefined }).on(asked), {
    message: /no credentials here; give them: walt device credentials pc-1/,
  });
  await t.throwsAsync(driver.on({ ...target, words: ['-o', 'x'] }), {
    message: /IPv4 address of its BMC/,
  });
});
