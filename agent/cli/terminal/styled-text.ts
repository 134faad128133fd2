// Text with styles. What others said stays text: control characters in it are shown as what they are, and the only ones that reach the
// terminal are those of this table.
import { oneLine } from '../../host/text/shown-text.ts';

/** ECMA-48 §8.3.117: on, off. */
const STYLES = { bold: [1, 22], dim: [2, 22], emphasis: [3, 23], title: [4, 24] } as const;

/** A piece of a line. */
export type Span = { readonly text: string; readonly style?: keyof typeof STYLES };
/** Pieces, in their order. */
export type StyledLine = readonly Span[];

/** The line as bytes for a terminal. @param hasStyles without them it is the text alone */
export function shownLine(line: StyledLine, hasStyles: boolean): string {
  return joined(line)
    .map(({ text, style }) => {
      const shown = oneLine(text);
      if (style === undefined || !hasStyles || shown.trim() === '') return shown;
      const [on, off] = STYLES[style];
      return `\u001b[${on}m${shown}\u001b[${off}m`;
    })
    .join('')
    .trimEnd();
}

/** Pieces of one style that follow each other are one: a title is underlined as a whole. */
function joined(line: StyledLine): Span[] {
  const spans: Span[] = [];
  for (const span of line) {
    const last = spans.at(-1);
    if (last !== undefined && last.style === span.style) {
      spans[spans.length - 1] = { ...last, text: last.text + span.text };
    } else spans.push(span);
  }
  return spans;
}

/** Breaks a text between words; a word that is too long has a line of its own. */
export function wrapped(
  spans: StyledLine,
  { width, first, next }: { readonly width: number; readonly first: string; readonly next: string },
): StyledLine[] {
  const lines: Span[][] = [[{ text: first }]];
  let column = first.length;
  let isBlank = true;
  for (const piece of piecesOf(spans)) {
    const length = piece.reduce((sum, { text }) => sum + text.length, 0);
    const isSpace = piece.every(({ text }) => text === ' ');
    if (isSpace && isBlank) continue;
    if (!isSpace && !isBlank && column + length > width) {
      lines.push([{ text: next }]);
      column = next.length;
    }
    lines.at(-1)?.push(...piece);
    column += length;
    isBlank = false;
  }
  return lines;
}

/** Words and the spaces between them; a word may have several styles. */
function piecesOf(spans: StyledLine): Span[][] {
  const pieces: Span[][] = [];
  let word: Span[] = [];
  const end = () => {
    if (word.length > 0) pieces.push(word);
    word = [];
  };
  for (const { text, ...style } of spans) {
    for (const part of text.split(/(\s+)/)) {
      if (part === '') continue;
      if (part.trim() !== '') word.push({ text: part, ...style });
      else {
        end();
        pieces.push([{ text: ' ', ...style }]);
      }
    }
  }
  end();
  return pieces;
}
