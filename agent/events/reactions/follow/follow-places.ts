// Reaction: a device that has come, or has booted, may be behind another port than before.
import type { Publisher } from '../../publisher.ts';

type Options = {
  /** asks the switches; it handles its failures itself */
  readonly look: () => Promise<void>;
  /** milliseconds from the first device that came to the look, which finds all that came meanwhile */
  readonly afterMs: number;
};

/**
 * Nothing is looked up with an event: thousands of devices may come in a second.
 * @returns what ends it
 */
export function followPlaces(publisher: Publisher, { look, afterMs }: Options): () => void {
  let timer: NodeJS.Timeout | undefined;
  const lookSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void look();
    }, afterMs);
  };
  publisher.on('places', ['new-device', 'new-node'], lookSoon);
  publisher.on('places', ['boot'], ({ before, state }) => {
    if ((state === 'dhcp' || state === 'booted') && before !== state) lookSoon();
  });
  return () => clearTimeout(timer);
}
