// `walt help list`: the topics that have a page.
import { type Command, JSON_OPTION } from '../../command-line/command.ts';
import { helpPage, helpTopics, titleOf } from '../../help/help-pages.ts';
import { table } from '../../texts/table.ts';

export const helpList: Command = {
  category: 'help',
  name: 'list',
  help: 'list the topics of walt help show',
  options: [{ ...JSON_OPTION, help: 'print JSON' }],
  async run(_client, { flags }, io) {
    const pages = helpTopics().map((topic) => ({ topic, title: titleOf(helpPage(topic) ?? '') }));
    if (flags.has('json')) return io.out(JSON.stringify({ pages }, null, 2));
    io.out(
      table(
        ['topic', 'title'],
        pages.map(({ topic, title }) => [topic, title]),
        io.columns,
      ),
    );
  },
};
