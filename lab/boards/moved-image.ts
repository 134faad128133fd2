/**
 * QEMU loads a 32-bit image at 64 KiB and gives it the device tree; the firmware of a Raspberry Pi loads it at 32 KiB, which
 * U-Boot is linked for. This puts code before it that moves it there: first the mover itself out of the way, then the rest.
 */
const CODE: readonly (readonly [word: number, assembly: string])[] = [
  [0xe28f4028, 'adr r4, mover'],
  [0xe3a05401, 'mov r5, #16 MiB'],
  [0xe3a06040, 'mov r6, #64'],
  [0xe4947004, 'ldr r7, [r4], #4'],
  [0xe4857004, 'str r7, [r5], #4'],
  [0xe2566004, 'subs r6, r6, #4'],
  [0x1afffffb, 'bne -3'],
  [0xe28f405c, 'adr r4, payload'],
  [0xe3a05902, 'mov r5, #0x8000'],
  [0xe3a06601, 'mov r6, #1 MiB'],
  [0xe3a08401, 'mov r8, #16 MiB'],
  [0xe12fff18, 'bx r8'],
  [0xe4947004, 'mover: ldr r7, [r4], #4'],
  [0xe4857004, 'str r7, [r5], #4'],
  [0xe2566004, 'subs r6, r6, #4'],
  [0x1afffffb, 'bne -3'],
  [0xe3a08902, 'mov r8, #0x8000'],
  [0xe12fff18, 'bx r8'],
];
/** Where the code ends that is above, and the image begins. */
const HEAD_BYTES = 128;
/** As much as is moved. */
const IMAGE_BYTES = 1024 * 1024;

/** What QEMU is given as kernel of a 32-bit Raspberry Pi. Throws a RangeError for an image of more than 1 MiB. */
export function movedImage(image: Uint8Array): Buffer {
  if (image.length > IMAGE_BYTES) {
    throw new RangeError(`Cannot move an image of ${image.length} bytes, expected at most 1 MiB`);
  }
  const moved = Buffer.alloc(HEAD_BYTES + IMAGE_BYTES);
  for (const [index, [word]] of CODE.entries()) moved.writeUInt32LE(word, index * 4);
  moved.set(image, HEAD_BYTES);
  return moved;
}
