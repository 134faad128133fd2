// `walt device credentials`: tells the server by what it proves to a device who it is. Nothing of it is an argument, where other users
// of the machine would see it, and nothing is shown.
import type { Command, Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';

export const deviceCredentials: Command = {
  category: 'device',
  name: 'credentials',
  help: 'give the server the password or community of a device; it is not shown',
  arguments: [{ name: 'NAME', help: 'its name', names: 'device' }],
  options: [{ name: 'forget', help: 'there are none any more' }],
  async run(client, { words: [device = ''], flags }, io) {
    const asked = flags.has('forget') ? { user: '', password: '', privacy: '' } : await askAll(io);
    const { isKnown } = await client.call('devices.credentials', { device, ...asked });
    io.out(
      isKnown
        ? `The server has the credentials of ${device}.`
        : `The server has no credentials of ${device} any more.`,
    );
  },
};

async function askAll(io: Io) {
  const { ask, askSecret } = io;
  if (ask === undefined || askSecret === undefined) {
    throw new CommandError('Nothing was changed: there is no terminal to ask on.');
  }
  const user = await ask('Account (empty for SNMP 1 and 2c): ');
  const password = await askSecret('Password, passphrase or community: ');
  const privacy =
    user === '' ? '' : await askSecret('Passphrase of the encryption (SNMP 3 alone): ');
  if (user === undefined || privacy === undefined || !password) {
    throw new CommandError('Nothing was changed.');
  }
  return { user: user.trim(), password, privacy };
}
