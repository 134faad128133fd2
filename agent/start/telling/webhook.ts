// Tells another server of nodes that are left in quarantine, stay down, or are up again.
import type { Config } from '../../config/config.ts';
import type { Publisher } from '../../events/publisher.ts';
import { Webhook } from '../../net/webhook.ts';
import type { Problem } from './journal.ts';

/** Does nothing where `events.webhook` names no URL. */
export function startWebhook(
  { webhook }: Config['events'],
  { publisher, problem }: { readonly publisher: Publisher; readonly problem: Problem },
  services: AsyncDisposableStack,
): void {
  const { url, of } = webhook;
  if (url === undefined) return;
  const hook = new Webhook({ url, onProblem: problem('webhook') });
  services.defer(() => hook.stop());
  publisher.on('webhook', ['healing'], ({ node, what, text }, at) => {
    if (what !== 'step' && of.includes(what)) hook.tell({ event: what, node, text, at });
  });
  publisher.on('webhook', ['healing-paused'], ({ reason = null }, at) => {
    if (of.includes('paused')) hook.tell({ event: 'paused', reason, at });
  });
}
