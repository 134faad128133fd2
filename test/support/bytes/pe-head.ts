// The first bytes of an EFI program, made by hand: what tells whether and where it is signed.

export function peHead({
  optionalMagic = 0x20b,
  table,
}: {
  /** 0x10b: 32-bit, 0x20b: 64-bit */
  readonly optionalMagic?: 0x10b | 0x20b;
  readonly table?: { readonly offset: number; readonly size: number };
} = {}): Buffer {
  const head = Buffer.alloc(512);
  const header = 0x80;
  const directories = header + 24 + (optionalMagic === 0x20b ? 112 : 96);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(header, 0x3c);
  head.write('PE\0\0', header, 'latin1');
  head.writeUInt16LE(optionalMagic, header + 24);
  head.writeUInt32LE(16, directories - 4);
  if (table !== undefined) {
    head.writeUInt32LE(table.offset, directories + 4 * 8);
    head.writeUInt32LE(table.size, directories + 4 * 8 + 4);
  }
  return head;
}
