// Why a registry did not give what it was asked for.
import { messageOf, WaltError } from '../../../errors.ts';

/** `absent`: it has no such thing; `failed`: whatever else, with its reason. */
export class RegistryError extends WaltError {
  override name = 'RegistryError' as const;
  readonly kind: 'absent' | 'failed';

  constructor(kind: RegistryError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Of OpenSSL and of Node.js, where a certificate is not trusted (openssl-verification-options(1)). */
const CERTIFICATE_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it is out of date',
  CERT_NOT_YET_VALID: 'it is not valid yet; is the clock of this machine right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody here knows who signed it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody here knows who signed it',
  UNABLE_TO_GET_ISSUER_CERT: 'nobody here knows who signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody here knows who signed it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody here knows who signed it',
};
const UNKNOWN_SIGNER = 'nobody here knows who signed it';

/** What became of a request without an answer, for a person. */
export function withoutAnswer(thrown: unknown): RegistryError {
  if (thrown instanceof RegistryError) return thrown;
  const { code = '' } = (thrown ?? {}) as { code?: string };
  const words = CERTIFICATE_WORDS[code];
  if (words !== undefined) {
    const help = words === UNKNOWN_SIGNER ? ' (images.registries[].ca)' : '';
    return new RegistryError('failed', `its certificate is not trusted: ${words}${help}`, {
      cause: thrown,
    });
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const message = 'it does not speak TLS as expected; plain HTTP is spoken with http: true only';
    return new RegistryError('failed', message, { cause: thrown });
  }
  const message = `it cannot be reached: ${messageOf(thrown)}`;
  return new RegistryError('failed', message, { cause: thrown });
}
