/** Damages a packet as a bad cable or a bad neighbour would: a few bytes changed, cut, doubled or put in. */
export function mutate(packet: Uint8Array, random: () => number): Uint8Array {
  let bytes = [...packet];
  const pick = (below: number) => Math.floor(random() * below);
  const changes = 1 + pick(4);
  for (let change = 0; change < changes; change++) {
    const at = pick(bytes.length + 1);
    switch (pick(6)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes.splice(at, 0, ...Array.from({ length: pick(20) }, () => pick(256)));
        break;
      case 2:
        bytes.splice(at, pick(20));
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + pick(300)));
        break;
      default:
        if (at < bytes.length) bytes[at] = [0, 0xff, pick(256)][pick(3)] ?? 0;
    }
  }
  return Uint8Array.from(bytes);
}
