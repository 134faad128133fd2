// Reaction: a device that has come, or has booted, may be behind another port than before.
import type { Publisher } from '../../publisher.ts';

/** @param look asks the switches soon */
export function followPlaces(publisher: Publisher, look: () => void): void {
  publisher.on('places', ['new-device', 'new-node'], () => look());
  publisher.on('places', ['boot'], ({ before, state }) => {
    if ((state === 'dhcp' || state === 'booted') && before !== state) look();
  });
}
