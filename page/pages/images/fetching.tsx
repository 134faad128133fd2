// Images that are being fetched for machines that wait, as far as they are.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { lastEvent } from '../../state/nodes/nodes.ts';
import { texts } from '../../texts.ts';

const steps = signal<ReadonlyMap<string, string>>(new Map());

/** One line for each; nothing where there is none. */
export function Fetching() {
  useEffect(
    () =>
      lastEvent.subscribe((event) => {
        if (event === undefined || !('image' in event)) return;
        const next = new Map(steps.peek());
        if (event.kind === 'image-step') next.set(event.image, event.step);
        else if (event.kind === 'image-failed') next.set(event.image, event.reason);
        else if (event.kind === 'image-ready') next.delete(event.image);
        else return;
        steps.value = next;
      }),
    [],
  );
  if (steps.value.size === 0) return null;
  return (
    <div class="box fetching" role="status">
      <h2>{texts.images.fetching}</h2>
      {[...steps.value].map(([image, step]) => (
        <p key={image}>
          <b>{image}</b> {step}
        </p>
      ))}
    </div>
  );
}
