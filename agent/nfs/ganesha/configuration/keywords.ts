// How keywords of the exports file are spelt, so that nfs-ganesha reads it in reasonable time. Its parser keeps each word that it
// meets in one list, newest first, and walks that list for each word it reads, however old the word is. It takes keywords
// in any case. A spelling that changes every some lines is a word that is found near the head of the list.

/** Lines of one spelling. Fewer make the list longer, more make the way to the words longer. */
const LINES = 200;

/** Spells keywords for one line of the file, counted from 0; the first lines are spelt as in ganesha's manual. */
export function keywordsOf(line: number): (word: string) => string {
  const variant = Math.floor(line / LINES);
  return (word) => {
    const key = `${variant} ${word}`;
    const known = spellings.get(key) ?? spelt(word, variant);
    spellings.set(key, known);
    return known;
  };
}

/** The same words are spelt for each node at each change: some hundred of them are kept for each 1,000 nodes. */
const spellings = new Map<string, string>();

/** Each letter of the word stands for a bit of the number: where it is set, the letter changes its case. */
function spelt(word: string, variant: number): string {
  let rest = variant;
  return word.replaceAll(/[a-z]/gi, (letter) => {
    const isTurned = rest % 2 === 1;
    rest = Math.floor(rest / 2);
    return isTurned ? turned(letter) : letter;
  });
}

function turned(letter: string): string {
  const upper = letter.toUpperCase();
  return letter === upper ? letter.toLowerCase() : upper;
}
