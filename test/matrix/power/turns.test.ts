// A set of boards behind one switch that lose their power by `walt node reboot --hard`, and by healing: each in its turn, within the
// watts of the switch. The server, the command and SNMP are real; the switch and the boards are not.
import test from 'ava';
import { eventually, openLab } from '../../support/lab.ts';
import { macOfServer, plugSwitch } from '../../support/machines/plugged-switch.ts';
import { importBoardImage, plugBoards, powerByPorts } from '../../support/nodes/powered-boards.ts';

const BOARDS = 8;
/** Of these the second boot freezes. */
const FREEZING = 4;
const macOf = (port: number) => `52:54:00:00:18:${(0x10 + port).toString(16)}`;
const nodeOf = (mac: string) => `node-${mac.slice(-8).replaceAll(':', '')}`;
const PORTS = Array.from({ length: BOARDS }, (_, at) => at + 2);

/** Milliseconds between two ports that went on, in order. */
function gapsOf(said: string): number[] {
  const times = [...said.matchAll(/^\d+ on at (\d+)$/gm)].map(([, at]) => Number(at));
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

test('a set behind one switch gets its power in turn and within its watts, by hand and by healing', async (t) => {
  t.timeout(12 * 60_000);
  const lab = await openLab(t, 'turns', { images: { registries: [] } }, { pace: 20 });
  await lab.startServer();
  await importBoardImage(t, lab);
  // All boards take 4 W each: what is left lets two or three start at once by the class of their ports.
  const plugged = await plugSwitch(t, lab, {
    ...{ name: 'sw-1', mac: '02:5e:00:00:00:18', ports: 12, budget: 70 },
  });
  const boards = await plugBoards(t, lab, {
    boards: PORTS.map((port, at) => ({
      mac: macOf(port),
      courses: at < FREEZING ? ['stays', 'stays', 'panic', 'stays'] : ['stays'],
    })),
  });
  powerByPorts(t, plugged, boards.power, (port) =>
    PORTS.includes(port) ? macOf(port) : undefined,
  );
  const plug = PORTS.flatMap((port) => [`station ${port} ${macOf(port)}`, `board ${port}`]);
  await plugged.tell(`station 1 ${await macOfServer(lab)}`, ...plug);
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  const upOf = (mac: string) => boards.saidOf(mac).filter((line) => /^up/.test(line)).length;
  const areUp = (times: number) =>
    eventually(
      async () => PORTS.filter((port) => upOf(macOf(port)) >= times).length,
      (count) => count === BOARDS,
      240,
    ).catch(async (thrown: Error) =>
      t.fail(`${thrown.message}\n${boards.program.said}\n${await lab.serverLog()}`),
    );
  await areUp(1);
  for (const port of PORTS) {
    const place = `${nodeOf(macOf(port))} is behind port ge${port} of sw-1`;
    await eventually(log, (text) => text.includes(place), 60);
  }
  await lab.walt('node', 'config', 'all-nodes', 'power.driver=poe', 'boot.retries=5');

  const rebooted = await lab.tryWalt('node', 'reboot', 'all-nodes', '--hard');
  t.is(rebooted.code, 0, rebooted.said);
  await areUp(2);
  const gaps = gapsOf(plugged.program.said);
  t.is(gaps.length, BOARDS - 1);
  // A second where nothing is learnt; the clock of the switch's program and that of the server are not the same one.
  t.true(Math.min(...gaps) > 900, gaps.join());

  // Half of them freeze at the boot that follows, and nobody but the server touches them.
  await lab.walt('node', 'reboot', 'all-nodes', '--hard');
  await areUp(3);
  t.true(Math.min(...gapsOf(plugged.program.said)) > 250, gapsOf(plugged.program.said).join());
  for (const port of PORTS.slice(0, FREEZING)) {
    const up = `node ${nodeOf(macOf(port))} is up again, after it was helped`;
    await eventually(log, (text) => text.includes(up), 60);
    t.is(boards.saidOf(macOf(port)).filter((line) => line === 'off panic').length, 1);
  }
  t.notRegex(boards.program.said, /failed|cycled-while-up/);
  const switched = (verb: string) =>
    plugged.program.said.match(new RegExp(`^\\d+ ${verb}$`, 'gm'))?.length;
  t.is(switched('off'), 2 * BOARDS + FREEZING);
  t.is(switched('on'), 2 * BOARDS + FREEZING);

  // Something else takes what is left.
  await plugged.tell('board 11', 'watts 11 60');
  const node = nodeOf(macOf(2));
  const poor = await lab.tryWalt('node', 'reboot', node, '--hard');
  t.is(poor.code, 1);
  t.regex(poor.said, /port ge2 of sw-1 stays off: it may take .* W, and the switch has .* W left/);
  await plugged.tell('watts 11 0');
  await eventually(log, (text) => /port 2 of sw-1 was left off .* is on again/.test(text), 240);
  t.log(gapsOf(plugged.program.said).join(), await lab.walt('device', 'port-config', 'sw-1'));
});
