// Words for a terminal or a program, with a button that copies them.
import { notify, trying } from '../state/notices.ts';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

/** @param label what they are, for screen readers */
export function CopiedCode({ code, label }: { readonly code: string; readonly label: string }) {
  const copy = () =>
    trying(async () => {
      await navigator.clipboard.writeText(code);
      notify('good', texts.copied);
    });
  return (
    <span class="code">
      <code>{code}</code>
      <button type="button" class="plain" onClick={copy} aria-label={`${texts.copy}: ${label}`}>
        <Icon name="copy" />
      </button>
    </span>
  );
}
