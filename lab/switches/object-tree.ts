// The objects of an SNMP agent as a plain sorted list, in the form in which net-snmp's agent looks them up.
import snmp, { type Mib } from 'net-snmp';

/** One object of an agent. */
export type SnmpObject = {
  readonly oid: string;
  /** as `Integer`, a key of net-snmp's ObjectType */
  readonly type: string;
  readonly value: unknown;
  /** what a write does; without it the object cannot be written */
  readonly write?: (value: number) => void;
};

/** @param objects as they are at this moment, in any order; asked at each request */
export function objectTree(objects: () => readonly SnmpObject[]): Mib {
  const sorted = () => sortedOnce(objects());
  const nodeOf = (object: SnmpObject, list: readonly SnmpObject[]) => ({
    object,
    oid: object.oid,
    valueType: snmp.ObjectType[object.type],
    get value() {
      return object.value;
    },
    set value(value: unknown) {
      object.write?.(Number(value));
    },
    validateValue: () => true,
    getNextInstanceNode: () => after(object.oid, list),
  });
  const after = (oid: string, list: readonly SnmpObject[]): unknown => {
    const next = list[firstBehind(oid, list)];
    return next && nodeOf(next, list);
  };
  const tree = {
    lookup: (oid: string) => {
      const list = sorted();
      const found = list[firstBehind(oid, list) - 1];
      return found?.oid === oid ? nodeOf(found, list) : null;
    },
    getTreeNode: (oid: string) => ({ getNextInstanceNode: () => after(oid, sorted()) }),
    getProviderNodeForInstance: ({ object }: { object: SnmpObject }) => ({
      provider: {
        name: object.oid,
        type: snmp.MibProviderType.Scalar,
        maxAccess: snmp.MaxAccess[object.write === undefined ? 'read-only' : 'read-write'],
      },
    }),
    getAncestorProviderFromOid: () => null,
    providersByOid: {},
  };
  return tree as unknown as Mib;
}

const known = new WeakMap<readonly SnmpObject[], SnmpObject[]>();

/** A list that is asked for again is not sorted again. */
function sortedOnce(objects: readonly SnmpObject[]): readonly SnmpObject[] {
  const before = known.get(objects);
  if (before !== undefined) return before;
  const keyed = objects.map((object) => ({ object, key: object.oid.split('.').map(Number) }));
  keyed.sort((left, right) => compareNumbers(left.key, right.key));
  const sorted = keyed.map(({ object }) => object);
  known.set(objects, sorted);
  return sorted;
}

/** Position of the first object behind a name. */
function firstBehind(oid: string, list: readonly SnmpObject[]): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]?.oid ?? '', oid) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(left: string, right: string): number {
  return compareNumbers(left.split('.').map(Number), right.split('.').map(Number));
}

function compareNumbers(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
