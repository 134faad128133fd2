// Form of a setting: one word of a few.
import { complaint, type Form, value } from '../setting.ts';

/** One of these words, as it is. */
export function choiceOf<const Word extends string>(words: readonly Word[]): Form<Word> {
  const text = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return {
    text,
    read: (written) => {
      const word = words.find((one) => one === written);
      return word === undefined ? complaint(`expected ${text}`) : value(word);
    },
  };
}
