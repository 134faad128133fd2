// A question over the page. The browser's own dialog keeps the keyboard in it, and Escape leaves it.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { texts } from '../texts.ts';

/** Asks until somebody submits or leaves. */
export function Dialog(props: {
  readonly title: string;
  readonly submit?: string;
  readonly isBad?: boolean;
  readonly isBusy?: boolean;
  readonly mayNot?: boolean;
  readonly onSubmit?: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const { title, submit, onSubmit, onClose, isBad, isBusy, mayNot, children } = props;
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = box;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={id} onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (isBusy !== true && mayNot !== true) onSubmit?.();
        }}
      >
        <h2 id={id}>{title}</h2>
        <div class="body">{children}</div>
        <footer>
          <button type="button" onClick={onClose}>
            {submit === undefined ? texts.close : texts.cancel}
          </button>
          {submit === undefined ? null : (
            <button
              type="submit"
              class={isBad === true ? 'primary bad' : 'primary'}
              disabled={isBusy === true || mayNot === true}
            >
              {submit}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
