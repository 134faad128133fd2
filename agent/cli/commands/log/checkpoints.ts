// `walt log add-checkpoint`, `list-checkpoints` and `remove-checkpoint`: names of moments, for --history.
import { type Command, JSON_OPTION, NAMES_ONLY_OPTION } from '../../command-line/command.ts';
import { parseMoment } from '../../texts/moment.ts';
import { table } from '../../texts/table.ts';
import { dateAndTime } from '../../texts/time.ts';

export const logAddCheckpoint: Command = {
  category: 'log',
  name: 'add-checkpoint',
  help: 'give this moment a name, for --history',
  arguments: [{ name: 'NAME', help: 'letters, digits and dashes' }],
  options: [{ name: 'date', value: 'D', help: "another moment, as '2026-11-26 10:45:49' or -5m" }],
  async run(client, { words: [name = ''], values }, io) {
    const date = values.get('date');
    const at = date === undefined ? undefined : parseMoment(date, Date.now() * 1000);
    const added = await client.call('logs.addCheckpoint', { name, at });
    io.out(`Checkpoint ${name} is ${dateAndTime(added.at)}.`);
  },
};

export const logListCheckpoints: Command = {
  category: 'log',
  name: 'list-checkpoints',
  help: 'list your checkpoints',
  options: [NAMES_ONLY_OPTION, JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.call('logs.checkpoints');
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    const { checkpoints } = reply;
    if (flags.has('names-only')) {
      for (const { name } of checkpoints) io.out(name);
      return;
    }
    if (checkpoints.length === 0) return io.note('You have no checkpoint.');
    const rows = checkpoints.map(({ name, at }) => [name, dateAndTime(at)]);
    io.out(table(['name', 'date'], rows, io.columns));
  },
};

export const logRemoveCheckpoint: Command = {
  category: 'log',
  name: 'remove-checkpoint',
  help: 'forget a checkpoint; lines of the log stay',
  arguments: [{ name: 'NAME', help: 'its name', names: 'checkpoint' }],
  async run(client, { words: [name = ''] }, io) {
    await client.call('logs.removeCheckpoint', { name });
    io.out(`Checkpoint ${name} is removed.`);
  },
};
