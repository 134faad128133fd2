// Passwords of users: what is kept of them, and whether one is right. Each answer takes much memory and time on purpose
// (Argon2id, RFC 9106), so that only a few are worked out at once, and few wait.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { RequestError } from '../errors.ts';

const derive = promisify(argon2);

/** OWASP's least for Argon2id: 19 MiB, two passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 16;

/** Works on passwords, a few at a time. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** What is kept of a password. @throws {RequestError} if too many are asked about */
  async hash(password: string): Promise<string> {
    const nonce = randomBytes(16);
    const tag = await this.#derive(password, nonce);
    return `argon2id:${nonce.toString('base64')}:${tag.toString('base64')}`;
  }

  /**
   * Takes as long where there is nothing to compare with: nobody learns whether a user is there.
   * @param kept null where there is no such user, or none with a password
   * @throws {RequestError} if too many are asked about
   */
  async isRight(password: string, kept: string | null): Promise<boolean> {
    const [, nonce = '', tag = ''] = (kept ?? `:${'0'.repeat(24)}:`).split(':');
    const found = await this.#derive(password, Buffer.from(nonce, 'base64'));
    const wanted = Buffer.from(tag, 'base64');
    return wanted.length === found.length && timingSafeEqual(wanted, found);
  }

  async #derive(password: string, nonce: Buffer): Promise<Buffer> {
    await this.#turn();
    try {
      return await derive('argon2id', { ...COST, message: Buffer.from(password), nonce });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) {
        throw new RequestError(503, 'Too many passwords are being checked. Try again in a moment.');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }
}
