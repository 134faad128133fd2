// Where the boot programs of PCs are in the packages that bring them, unpacked each into a folder of its package's name.

export const PROGRAMS = {
  undionly: 'ipxe/usr/lib/ipxe/undionly.kpxe',
  ipxeX64: 'ipxe/usr/lib/ipxe/ipxe-amd64.efi',
  snponlyX64: 'ipxe/usr/lib/ipxe/snponly.efi',
  shimX64: 'shim-signed/usr/lib/shim/shimx64.efi.signed',
  // Of Debian's signed GRUBs the only one with TFTP and HTTP.
  grubX64: 'grub-efi-amd64-signed/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed',
  // Not signed: nothing that Secure Boot accepts exists for this firmware.
  grubIa32: 'grub-efi-ia32-unsigned/usr/lib/grub/i386-efi/monolithic/grubnetia32.efi',
  shimArm64: 'shim-signed-arm64/usr/lib/shim/shimaa64.efi.signed',
  grubArm64: 'grub-efi-arm64-signed-arm64/usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed',
} as const;
