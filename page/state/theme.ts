// Dark or light: as the system says, until somebody chooses.
import { signal } from '@preact/signals';

const KEY = 'walt-theme';
const CHOICES = ['auto', 'light', 'dark'] as const;
/** What somebody has chosen. */
export type Theme = (typeof CHOICES)[number];

/** The choice that counts. */
export const theme = signal<Theme>(
  CHOICES.find((one) => one === localStorage.getItem(KEY)) ?? 'auto',
);

/** Shows the colours of the choice. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

/** Takes the next choice. */
export function nextTheme(): void {
  theme.value = CHOICES[(CHOICES.indexOf(theme.value) + 1) % CHOICES.length] ?? 'auto';
  localStorage.setItem(KEY, theme.value);
  applyTheme();
}
