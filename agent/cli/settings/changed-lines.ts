// What is said of devices whose settings were changed.
import type { Reply } from '../client.ts';
import { nodesText } from '../names/node-names.ts';

type Configured = Reply<'devices.config'>['devices'][number];
type Noun = 'Node' | 'Device';

/** A line for each group of devices to which the same has happened. */
export function changedLines(
  devices: readonly Configured[],
  { noun, settings }: { readonly noun: Noun; readonly settings: Readonly<Record<string, string>> },
): string[] {
  const textOf = ({ changes }: Configured) =>
    changes.map(({ key, to }) => `${key}=${to}`).join(', ');
  return [...Map.groupBy(devices, textOf)].map(([text, group]) => {
    const who = `${nodesText(namesOf(group), noun)} ${group.length === 1 ? 'has' : 'have'}`;
    const all = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
    return text === '' ? `${who} ${all.join(', ')} already.` : `${who} ${text} now.`;
  });
}

/** What has to be done so that a change takes effect. */
const STEPS = [
  { effect: 'next-boot', when: 'at the next boot', command: 'reboot', verb: '' },
  { effect: 'next-power-on', when: 'at the next power-on', command: 'power', verb: ' cycle' },
] as const;

/** Which of those that run have to be started anew, and by which command. */
export function effectLines(devices: readonly Configured[], noun: Noun): string[] {
  const running = devices.filter(({ isRunning }) => isRunning);
  return STEPS.flatMap(({ effect, when, command, verb }) => {
    const keysOf = ({ changes }: Configured) =>
      changes.filter((change) => change.effect === effect).map(({ key }) => key);
    return [...Map.groupBy(running, (device) => keysOf(device).join(', '))]
      .filter(([keys]) => keys !== '')
      .map(([keys, group]) => {
        const names = namesOf(group);
        const who = nodesText(names, noun);
        return `${who}: to take effect ${when}: ${keys} (walt node ${command} ${names.join()}${verb})`;
      });
  });
}

function namesOf(devices: readonly Configured[]): string[] {
  return devices.map(({ name }) => name);
}
