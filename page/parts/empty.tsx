// What is shown where there is nothing: what that means, and what to do.
import type { ComponentChildren } from 'preact';

/** @param isPage it is all that its page shows, with the page's heading */
export function Empty(props: {
  readonly title: string;
  readonly text: string;
  readonly isPage?: boolean;
  readonly children?: ComponentChildren;
}) {
  const { title, text, isPage = false, children } = props;
  return (
    <div class="empty">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p>{text}</p>
      {children}
    </div>
  );
}
