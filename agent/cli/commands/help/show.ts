// `walt help show`: a page on a topic.

import { didYouMean } from '../../../host/text/nearest.ts';
import type { Command } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { helpPage, helpTopics } from '../../help/help-pages.ts';

const FIRST_PAGE = 'help-intro';

export const helpShow: Command = {
  category: 'help',
  name: 'show',
  help: 'show a help page',
  arguments: [
    {
      name: 'TOPIC',
      help: `see walt help list; by default ${FIRST_PAGE}`,
      isOptional: true,
      names: 'topic',
    },
  ],
  async run(_client, { words: [topic = FIRST_PAGE] }, io) {
    const page = helpPage(topic);
    // Scripts get the page as it is.
    if (page !== undefined && io.columns === undefined) return io.out(page.trimEnd());
    if (page !== undefined) {
      // It reads Markdown: no other command needs that.
      const { renderedPage } = await import('../../help/rendered-page.ts');
      return await io.page(renderedPage(page, io.columns ?? 80));
    }
    const topics = helpTopics();
    throw new CommandError(
      `There is no help page on '${topic}'.${didYouMean(topic, topics)}\nTopics: ${topics.join(', ')}`,
    );
  },
};
