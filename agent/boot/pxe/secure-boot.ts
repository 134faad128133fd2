// What Secure Boot will say to a kernel, as far as it can be told without the machine's own keys.

/** As a file shows it. `foreign`: no EFI program at all, so that no firmware starts it with Secure Boot. */
export type KernelSignature =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'signed'; readonly issuers: readonly string[] };

/** `perhaps`: it depends on keys that the machine's owner may have added, which the server cannot see. */
export type SecureBootVerdict = {
  readonly starts: 'yes' | 'no' | 'perhaps';
  /** for people */
  readonly text: string;
};

/** Authorities that shim of Debian carries, or that the firmware of PCs sold for Windows knows. */
const KNOWN = [/^Debian Secure Boot CA$/, /^Microsoft (Corporation )?UEFI CA 20\d\d$/];

/** Judges by the issuers of the kernel's signatures. Of several signatures one known issuer is enough. */
export function secureBootVerdict(signature: KernelSignature): SecureBootVerdict {
  switch (signature.kind) {
    case 'foreign':
      return { starts: 'no', text: 'the kernel is no EFI program: Secure Boot refuses it' };
    case 'unsigned':
      return { starts: 'no', text: 'the kernel is not signed: Secure Boot refuses it' };
    case 'signed': {
      const known = signature.issuers.find((name) => KNOWN.some((pattern) => pattern.test(name)));
      if (known !== undefined) {
        return {
          starts: 'yes',
          text: `the kernel is signed (${known}): it starts with Secure Boot too`,
        };
      }
      const who = signature.issuers.join(', ') || 'nobody who is named';
      return {
        starts: 'perhaps',
        text: `the kernel is signed by ${who}: with Secure Boot it starts only where the machine knows that key`,
      };
    }
  }
}
