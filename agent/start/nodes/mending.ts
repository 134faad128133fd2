// Says what became of power that an earlier run of the server, or a failure, has left off.
import type { Publish } from '../../events/publisher.ts';

/** What became of one; `error` is null where it has power again. */
export type Mended = { readonly text: string; readonly error: string | null };

/** @returns tries again; each result is said once, until it is another one */
export function mending(mend: () => Promise<readonly Mended[]>, publish: Publish) {
  const said = new Map<string, string>();
  return async (): Promise<void> => {
    for (const { text, error } of await mend()) {
      if (said.get(text) !== error) publish([{ kind: 'port-mended', text, error }]);
      if (error === null) said.delete(text);
      else said.set(text, error);
    }
  };
}
