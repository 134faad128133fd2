// Simulated boards whose power is the ports of an emulated switch, beside a real server.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { BoardsPlan, Course } from '../../../lab/healing/courses.ts';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../images/tar.ts';
import { followLines, type PluggedSwitch } from '../machines/plugged-switch.ts';
import { plugMachine } from '../namespace.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PROGRAM = join(ROOT, 'lab/healing/boards.ts');
const SERVER = '192.168.152.1';

/** Boards that are plugged in. */
export type PoweredBoards = {
  readonly program: Background;
  /** what each MAC said, as `up good` */
  saidOf(mac: string): string[];
};

/** Gives the server the image that they boot. */
export async function importBoardImage(t: ExecutionContext, lab: Lab): Promise<void> {
  const layout = await makeLayout(join(await temporaryFolder(t), 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
}

/** Plugs them in and turns them on. @param plan.boards with the courses of their boots; after the last one they stay up */
export async function plugBoards(
  t: ExecutionContext,
  lab: Lab,
  plan: { readonly boards: readonly { readonly mac: string; readonly courses: Course[] }[] },
): Promise<PoweredBoards & { readonly power: (line: string) => Promise<void> }> {
  const folder = await temporaryFolder(t);
  const name = `walt-lab-boards-${process.pid}`;
  const card = { name: 'card', mac: '52:54:00:0b:0a:01', port: 'boards' };
  const machine = await plugMachine(lab.namespace, { name, card });
  t.teardown(() => machine.remove());
  await ip('-n', name, 'address', 'add', '192.168.152.250/24', 'dev', card.name);
  await ip('-n', name, 'route', 'add', '255.255.255.255', 'dev', card.name);
  const socket = join(folder, 'power');
  const whole: BoardsPlan = { server: SERVER, lateMs: 1000, ...plan, card: 'card', power: socket };
  const program = new Background(machine.command([NODE, PROGRAM, JSON.stringify(whole)]));
  t.teardown(() => program.kill());
  return {
    program,
    saidOf: (mac) =>
      program.said.split('\n').flatMap((line) => (line.startsWith(mac) ? [line.slice(18)] : [])),
    power: async (line) => {
      await runProgram(['socat', '-', `UNIX-CONNECT:${socket}`], { input: `${line}\n` });
    },
  };
}

/** A port that goes on or off takes its board along. @param macOf by the number of a port; undefined where nothing is plugged in */
export function powerByPorts(
  t: ExecutionContext,
  { program }: PluggedSwitch,
  power: (line: string) => Promise<void>,
  macOf: (port: number) => string | undefined,
): void {
  followLines(t, program, async (line) => {
    const [, port, verb] = /^(\d+) (on|off)$/.exec(line) ?? [];
    const mac = macOf(Number(port));
    if (mac !== undefined) await power(`${verb} ${mac}`);
  });
}
