// A box with a heading.
import type { ComponentChildren } from 'preact';

/** A box with a heading. */
export function Box({
  title,
  children,
  class: kind = '',
}: {
  readonly title: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class={`box ${kind}`}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
