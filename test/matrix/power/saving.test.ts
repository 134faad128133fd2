// A PC that is free and that nobody uses is switched off by the port that gives it its power, shown so, and woken by whoever wants it. The
// server and the PC (QEMU) are real; minutes of the server last less than a second.
import test from 'ava';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { openPoweredPc } from '../../support/machines/powered-pc.ts';

const NODE = 'node-000f14';
const MAC = '52:54:00:00:0f:14';
/** Of a boot, at 100 times the pace. */
const BOOT = 'boot.timeout=60000';

/** What people do that wakes it. */
const WAKERS: Readonly<Record<string, (lab: Lab) => Promise<string>>> = {
  wait: (lab) => lab.walt('node', 'wait', NODE),
  run: (lab) => lab.walt('node', 'run', NODE, '--', 'uname', '-n'),
  shell: async (lab) => {
    const command = lab.waltCommand('node', 'shell', NODE);
    const { said, code } = await runProgram(command, { input: 'exit 3\n', seconds: 900 });
    if (code !== 3) throw new Error(`the shell ended with ${code}: ${said}`);
    return said;
  },
  reboot: (lab) => lab.walt('node', 'reboot', NODE),
  boot: (lab) => lab.walt('node', 'boot', NODE, 'default'),
  acquire: (lab) => lab.walt('node', 'acquire', NODE),
};

test('a free PC that nobody uses is switched off, and woken by wait, run, shell, reboot, boot and acquire', async (t) => {
  t.timeout(40 * 60_000);
  const settings = { images: { registries: [] }, power: { offAfterMinutes: 5 } };
  const lab = await openLab(t, 'saving', settings, { pace: 100, paceOf: 'day' });
  await lab.startServer();
  await lab.walt(
    'image',
    'import',
    defaultImage,
    '--name',
    'waltplatform/pc-x86-64-default:latest',
  );
  const pc = await openPoweredPc(t, lab, { name: 'save', mac: MAC });
  await pc.start();
  const place = `${NODE} is behind port ge3 of save`;
  await eventually(lab.serverLog, (text) => text.includes(place), 300);
  await lab.walt('node', 'config', NODE, BOOT);
  await lab.walt('node', 'wait', NODE);
  t.deepEqual(pc.switched(), [], 'what has no driver is not switched off');
  await lab.walt('node', 'config', NODE, 'power.driver=poe');
  const savings = async () =>
    (await lab.serverLog()).match(new RegExp(`node ${NODE} is switched off to save power`, 'g'))
      ?.length ?? 0;
  for (const [at, [name, wake]] of Object.entries(WAKERS).entries()) {
    await eventually(savings, (count) => count === at + 1, 300);
    t.is(pc.switched().at(-1), '3 off', name);
    t.regex(await lab.walt('node', 'show', '--all'), new RegExp(`${NODE}.* no \\(powersave\\)`));
    const said = await wake(lab);
    t.log(`${name}: ${said.trim()}`);
    t.is(pc.switched().at(-1), '3 on', name);
    await lab.walt('node', 'wait', NODE);
    const shown = JSON.parse(await lab.walt('node', 'show', NODE, '--json'));
    t.is(shown.node.state, 'booted', name);
  }
  t.is(pc.switched().length, 2 * Object.keys(WAKERS).length);
  // It is somebody's now.
  await new Promise((resolve) => setTimeout(resolve, 45_000));
  t.is(pc.switched().at(-1), '3 on');
});
