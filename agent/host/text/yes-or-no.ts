// A question that is answered by yes or no, by `walt` and by `walt-server-setup`.

const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['yes', true],
  ['n', false],
  ['no', false],
]);

type Way = {
  /** Puts a question on the terminal; undefined if the person left it. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** what an empty answer means; without it the question is put again */
  readonly usual?: boolean;
};

/** Asks until the answer is one of them, whatever its case. @returns undefined if the person left the question */
export async function yesOrNo(question: string, { ask, usual }: Way): Promise<boolean | undefined> {
  for (let text = question; ; text = 'Type yes or no: ') {
    const answer = await ask(text);
    if (answer === undefined) return undefined;
    const word = answer.trim().toLowerCase();
    const said = word === '' ? usual : ANSWERS.get(word);
    if (said !== undefined) return said;
  }
}
