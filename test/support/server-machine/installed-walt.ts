// WalT in a server VM as its packages install it: what tests ask of it, and what a node is asked through it.

import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { eventually } from '../lab.ts';

/** Emulated, on a busy computer. */
const PATIENCE_SECONDS = 1200;

/** The installed server. */
export type InstalledWalt = {
  /** Runs `walt`. @returns what it printed. @throws {Error} with what it said */
  walt(words: string): Promise<string>;
  /** The same, for what it prints as JSON. */
  json<Answer>(words: string): Promise<Answer>;
  /** Waits until the service is up, and the API answers. */
  untilItAnswers(): Promise<void>;
  /** Waits until the doctor finds nothing that fails. */
  untilItIsWell(): Promise<void>;
  /** Number of the server's process. */
  pid(): Promise<string>;
  /** The journal of the service since the machine started. */
  journal(): Promise<string>;
  /** Runs a command on a node. */
  onNode(ip: string, command: string): Promise<string>;
};

/** @param vm in which packages of WalT are installed */
export function installedWalt(vm: ServerMachine): InstalledWalt {
  const walt = (words: string) => vm.succeed(`walt ${words}`, { seconds: PATIENCE_SECONDS });
  return {
    walt,
    json: async (words) => JSON.parse(await walt(`${words} --json`)),
    untilItAnswers: async () => {
      const ask = () => vm.run('systemctl is-active walt-server && walt node show');
      await eventually(ask, ({ code }) => code === 0, PATIENCE_SECONDS);
    },
    untilItIsWell: async () => {
      const ask = () => vm.run('walt doctor');
      await eventually(ask, ({ code }) => code === 0, PATIENCE_SECONDS);
    },
    pid: async () => (await vm.succeed('systemctl show -P MainPID walt-server')).trim(),
    journal: () => vm.succeed('journalctl -b --no-pager -u walt-server'),
    onNode: (ip, command) => {
      const options = [
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
      ];
      const words = [...options, 'BatchMode=yes'].map((option) => `-o ${option}`).join(' ');
      return vm.succeed(`ssh -n -i /var/lib/walt/ssh/id_ed25519 ${words} root@${ip} '${command}'`);
    },
  };
}
