/**
 * How many packets the counters of nftables have counted, by chain. Numbers of linux/netfilter/nfnetlink.h and nf_tables.h:
 *
 *     question  NFT_MSG_GETRULE: family, version, 2 bytes of 0, the table's name
 *     answer    NFT_MSG_NEWRULE: the same 4 bytes, then table, chain, expressions, each with name and data; and so on
 */
import { DecodeError, Reader, Writer } from '../bytes.ts';
import {
  type Attribute,
  decodeAttributes,
  decodeMessages,
  encodeAttribute,
  encodeMessage,
  type ListState,
  listStateBy,
  NLM_F_DUMP,
  NLM_F_REQUEST,
} from './messages.ts';

const SUBSYSTEM = 10 << 8;
const NEW_RULE = SUBSYSTEM | 6;
const GET_RULE = SUBSYSTEM | 7;
const FAMILY_IPV4 = 2;
const TABLE = 1;
const CHAIN = 2;
const EXPRESSIONS = 4;
const NAME = 1;
const DATA = 2;
const PACKETS = 2;
const HEADER = 4;

/** What a piece of the answer says. */
export type CountersPiece = {
  readonly packets: readonly (readonly [chain: string, packets: number])[];
  readonly state: ListState;
};

/** Asks for all rules of a table of family `ip`. */
export function encodeCountersQuestion(table: string): Uint8Array {
  const name = encodeAttribute({ type: TABLE, value: new Writer().zeroEnded(table).finish() });
  const body = Uint8Array.of(FAMILY_IPV4, 0, 0, 0, ...name);
  return encodeMessage({ type: GET_RULE, flags: NLM_F_REQUEST | NLM_F_DUMP, body });
}

/**
 * Reads what came with one receive; older kernels list the rules of other tables too.
 * @throws {DecodeError} where it is no such answer
 */
export function decodeCountersPiece(bytes: Uint8Array, table: string): CountersPiece {
  const packets: [string, number][] = [];
  for (const message of decodeMessages(bytes)) {
    const { type, body } = message;
    const state = listStateBy(message);
    if (state !== 'more') return { packets, state };
    if (type !== NEW_RULE) throw new DecodeError('type', 0, `${type} is not expected`);
    const attributes = decodeAttributes(body.subarray(HEADER));
    if (textOf(attributes, TABLE) !== table) continue;
    const chain = textOf(attributes, CHAIN);
    packets.push(...countersIn(attributes).map((count) => [chain, count] as [string, number]));
  }
  return { packets, state: 'more' };
}

function countersIn(rule: readonly Attribute[]): number[] {
  const expressions = decodeAttributes(valueIn(rule, EXPRESSIONS));
  return expressions
    .map(({ value }) => decodeAttributes(value))
    .filter((expression) => textOf(expression, NAME) === 'counter')
    .map((expression) => {
      const reader = new Reader(valueIn(decodeAttributes(valueIn(expression, DATA)), PACKETS));
      // 8 bytes, the high one first.
      return reader.u32('packets') * 2 ** 32 + reader.u32('packets');
    });
}

function textOf(attributes: readonly Attribute[], type: number): string {
  return new Reader(valueIn(attributes, type)).zeroEnded('name');
}

function valueIn(attributes: readonly Attribute[], type: number): Uint8Array {
  const found = attributes.find((attribute) => attribute.type === type);
  if (found !== undefined) return found.value;
  throw new DecodeError(`attribute ${type}`, 0, 'it is missing');
}
