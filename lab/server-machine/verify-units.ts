// What systemd itself says of unit files, before anything is started.
import type { ServerMachine } from './server-machine.ts';

/**
 * Lets `systemd-analyze verify` read units in the VM. What they start has to be there, or is a complaint.
 * @param units their texts, by their names
 * @returns a line for each complaint
 */
export async function verifyUnits(
  vm: ServerMachine,
  units: Readonly<Record<string, string>>,
): Promise<string[]> {
  const folder = '/run/verified-units';
  await vm.succeed(`rm -rf ${folder}`);
  for (const [name, text] of Object.entries(units)) await vm.write(`${folder}/${name}`, text);
  const { code, stderr } = await vm.run(`systemd-analyze --no-pager --man=no verify ${folder}/*`);
  const complaints = stderr.split('\n').filter(Boolean);
  if (code !== 0 && complaints.length === 0) return [`systemd-analyze verify ended with ${code}`];
  return complaints;
}
