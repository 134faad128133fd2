// By what an address of another machine is counted. Who has one address of IPv6 has 2^64 of them, and would have as many shares.

const GROUPS = 8;
const GROUPS_OF_NETWORK = 4;

/**
 * The network /64 of an address of IPv6 (RFC 4291 §2.5.4), with its zone if it has one; any other address as it is.
 * Two ways to write one network give one text.
 * @param address as the system tells it
 */
export function askerNetwork(address: string): string {
  if (!address.includes(':')) return address;
  const [digits = '', zone] = address.split('%', 2);
  const network = groupsOf(digits).slice(0, GROUPS_OF_NETWORK).join(':');
  return `${network}::/64${zone === undefined ? '' : `%${zone}`}`;
}

/** Those in front of a dotted end, of which the network has nothing, are enough. */
function groupsOf(digits: string): string[] {
  const [front = [], back] = digits.split('::', 2).map(groupsOfPart);
  const missing = GROUPS - front.length - (back?.length ?? 0);
  const groups = [...front, ...Array<string>(missing).fill('0'), ...(back ?? [])];
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

function groupsOfPart(text: string): string[] {
  const groups = text === '' ? [] : text.split(':');
  return groups.flatMap((group) => (group.includes('.') ? ['0', '0'] : group));
}
