// A help page as a terminal shows it: headings, lists, tables and paragraphs as wide as the terminal, code as it is.
import { Marked, type Token, type Tokens } from 'marked';
import { type Span, type StyledLine, wrapped } from '../terminal/styled-text.ts';
import { table } from '../texts/table.ts';

/** Lines longer than this are hard to read, however wide the terminal is. */
const WIDEST = 100;

type Room = { readonly width: number; readonly indent: string };

/** @param columns of the terminal */
export function renderedPage(markdown: string, columns: number): StyledLine[] {
  const tokens = new Marked().lexer(markdown);
  const room = { width: Math.min(columns, WIDEST), indent: '' };
  return blocks(tokens, room);
}

function blocks(tokens: readonly Token[], room: Room): StyledLine[] {
  const shown = tokens.filter(({ type }) => type !== 'space').map((token) => block(token, room));
  return shown.flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

function block(token: Token, room: Room): StyledLine[] {
  const { indent } = room;
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading, room);
    case 'code':
      return (token as Tokens.Code).text
        .split('\n')
        .map((text) => [{ text: `${indent}    ` }, { text, style: 'bold' as const }]);
    case 'list':
      return list(token as Tokens.List, room);
    case 'table':
      return tableLines(token as Tokens.Table, room);
    case 'blockquote':
      return blocks((token as Tokens.Blockquote).tokens, { ...room, indent: `${indent}  ` });
    default:
      return wrapped(inline(token), { width: room.width, first: indent, next: indent });
  }
}

function heading({ depth, text }: Tokens.Heading, { width, indent }: Room): StyledLine[] {
  const plain = text.replaceAll('`', '');
  const span: Span = { text: plain, style: depth === 1 ? 'title' : 'bold' };
  return wrapped([span], { width, first: indent, next: indent });
}

function list({ items, ordered, start, loose }: Tokens.List, room: Room): StyledLine[] {
  const shown = items.map((item, index) => {
    const mark = ordered ? `${Number(start || 1) + index}. ` : '• ';
    const inner = `${room.indent}${' '.repeat(mark.length)}`;
    const [first = [], ...others] = blocksOfItem(item, { ...room, indent: inner });
    const [, ...text] = first;
    return [[{ text: `${room.indent}${mark}` }, ...text], ...others];
  });
  return shown.flatMap((lines, index) => (loose && index > 0 ? [[], ...lines] : lines));
}

/** The text of an item and a list within it stand together. */
function blocksOfItem({ tokens, loose }: Tokens.ListItem, room: Room): StyledLine[] {
  return loose ? blocks(tokens, room) : tokens.flatMap((token) => block(token, room));
}

function tableLines({ header, rows }: Tokens.Table, { width, indent }: Room): StyledLine[] {
  const cells = (row: readonly Tokens.TableCell[]) =>
    row.map(({ tokens }) =>
      tokens
        .flatMap(inline)
        .map(({ text }) => text)
        .join(''),
    );
  const text = table(cells(header), rows.map(cells), width - indent.length);
  return text.split('\n').map((line) => [{ text: `${indent}${line}` }]);
}

function inline(token: Token): Span[] {
  const inner = 'tokens' in token ? (token.tokens ?? []) : [];
  switch (token.type) {
    case 'codespan':
      return [{ text: token.text, style: 'bold' }];
    case 'strong':
      return inner.flatMap(inline).map(({ text }) => ({ text, style: 'bold' }));
    case 'em':
      return inner.flatMap(inline).map(({ text }) => ({ text, style: 'emphasis' }));
    case 'link':
      return [...inner.flatMap(inline), ...address(token as Tokens.Link)];
    case 'br':
      return [{ text: ' ' }];
    default:
      return inner.length > 0
        ? inner.flatMap(inline)
        : [{ text: 'text' in token ? token.text : '' }];
  }
}

function address({ href, text }: Tokens.Link): Span[] {
  return href === text ? [] : [{ text: ` (${href})`, style: 'dim' }];
}
