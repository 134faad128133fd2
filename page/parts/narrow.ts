// Whether the window is as narrow as that of a phone.
import { signal } from '@preact/signals';

const media = matchMedia('(max-width: 720px)');
const isNarrow = signal(media.matches);
media.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});

/** Whoever asks is drawn again when it changes. */
export function useNarrow(): boolean {
  return isNarrow.value;
}
