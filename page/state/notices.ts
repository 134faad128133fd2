// Short messages in a corner: what was done, what failed.
import { signal } from '@preact/signals';
import { CallError } from '../server/client.ts';

/** One of them. */
export type Notice = { readonly id: number; readonly kind: 'good' | 'bad'; readonly text: string };

/** Those that are shown now. */
export const notices = signal<readonly Notice[]>([]);

const GOOD_MS = 6000;
const BAD_MS = 15_000;
const MOST = 4;
let last = 0;

/** Shows one for a while. */
export function notify(kind: Notice['kind'], text: string): void {
  last += 1;
  const id = last;
  notices.value = [...notices.value, { id, kind, text }].slice(-MOST);
  setTimeout(() => dismiss(id), kind === 'good' ? GOOD_MS : BAD_MS);
}

/** Somebody has read it. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** What went wrong, as a sentence. */
export function sentenceOf(reason: unknown): string {
  if (reason instanceof CallError) return reason.message;
  return reason instanceof Error ? reason.message : String(reason);
}

/** Runs something; if it fails, a notice says why. @returns whether it was done */
export async function trying(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (reason) {
    notify('bad', sentenceOf(reason));
    return false;
  }
}
