// The provider of OpenID Connect: where it lets people prove who they are, and what it says of them then (OpenID Connect Core 1.0,
// authorization code with PKCE). This file and those that it imports are loaded when somebody signs in for the first time.
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Claims } from './claims.ts';
import { type NoAnswerError, providerFetch } from './provider-fetch.ts';
import { noAnswer, noAnswerOf, refusalOf } from './refusals.ts';
import type { StartedSignIn } from './started.ts';

/** Which provider, and as whom it is asked. */
export type ProviderOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly scopes: readonly string[];
  /** where the provider sends people back to */
  readonly redirectUri: string;
  /** certificates (PEM) of the provider's authority */
  readonly ca?: string | undefined;
  /** milliseconds of a steady clock */
  readonly now: () => number;
  /** milliseconds for an answer of the provider */
  readonly answerMs?: number;
};

/** Somebody who has proved who they are. */
export type Proved = {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
  /** asks the provider for what is not in there */
  readonly more: () => Promise<Claims>;
};

const ANSWER_MS = 10_000;
/** What the provider says of itself is asked for again after an hour, so that it may change. */
const KNOWN_MS = 3_600_000;
/** Who did not answer is left alone for so long, whoever else wants to sign in. */
const LEFT_ALONE_MS = 5000;
/** Seconds by which both clocks may differ. */
const CLOCKS = 30;

/** One provider. */
export class Provider {
  readonly #options: ProviderOptions;
  #known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;
  #down: { readonly until: number; readonly reason: NoAnswerError } | undefined;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /** @returns the page of the provider that a browser goes to. @throws {RequestError} if the provider cannot be asked */
  async begin(): Promise<{ readonly url: string; readonly started: StartedSignIn }> {
    const { redirectUri, scopes } = this.#options;
    const started = {
      ...{ state: randomState(), nonce: randomNonce() },
      verifier: randomPKCECodeVerifier(),
    };
    return await this.#asking(async (configuration) => {
      const url = buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: redirectUri, scope: scopes.join(' ') },
        ...{ state: started.state, nonce: started.nonce },
        code_challenge: await calculatePKCECodeChallenge(started.verifier),
        code_challenge_method: 'S256',
      });
      if (url.protocol !== 'https:') throw new Error(`its page is at ${url.protocol}//, not https`);
      return { url: url.href, started };
    });
  }

  /**
   * @param answer what stands behind the `?` of the address that the provider sent the browser back to
   * @throws {RequestError} if it proves nothing
   */
  async end({ state, nonce, verifier }: StartedSignIn, answer: string): Promise<Proved> {
    const url = new URL(this.#options.redirectUri);
    url.search = answer;
    return await this.#asking(async (configuration) => {
      const tokens = await authorizationCodeGrant(configuration, url, {
        ...{ expectedState: state, expectedNonce: nonce },
        ...{ pkceCodeVerifier: verifier, idTokenExpected: true },
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('it has no ID token');
      const { iss: issuer, sub: subject } = claims;
      const more = () => this.#userInfo(tokens.access_token, subject);
      return { issuer, subject, claims, more };
    });
  }

  async #userInfo(token: string, subject: string): Promise<Claims> {
    return await this.#asking(async (configuration) => {
      if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
      return await fetchUserInfo(configuration, token, subject);
    });
  }

  async #asking<Result>(ask: (configuration: Configuration) => Promise<Result>): Promise<Result> {
    const { issuer, now } = this.#options;
    if (this.#down !== undefined && now() < this.#down.until) {
      throw noAnswer(issuer, this.#down.reason);
    }
    try {
      return await ask(await this.#configuration());
    } catch (thrown) {
      const reason = noAnswerOf(thrown);
      if (reason === undefined) throw refusalOf(issuer, thrown);
      this.#down = { until: now() + LEFT_ALONE_MS, reason };
      throw noAnswer(issuer, reason);
    }
  }

  /** All who sign in at once wait for one answer. */
  #configuration(): Promise<Configuration> {
    const { now } = this.#options;
    if (this.#known !== undefined && now() - this.#known.at < KNOWN_MS) {
      return this.#known.configuration;
    }
    const known = { at: now(), configuration: this.#discover() };
    this.#known = known;
    known.configuration.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known.configuration;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, ca, answerMs = ANSWER_MS } = this.#options;
    const fetched = providerFetch({ ca, ms: answerMs });
    const metadata = { [clockTolerance]: CLOCKS };
    const way: typeof customFetch = customFetch;
    return await discovery(
      new URL(issuer),
      clientId,
      metadata,
      (server, client, body, headers) => {
        const auth = clientAuth(clientSecret, server.token_endpoint_auth_methods_supported);
        auth(server, client, body, headers);
      },
      // The signature counts, though the answer came by TLS: RFC 9700 wants no trust in one thing alone.
      { [way]: fetched, timeout: answerMs / 1000, execute: [enableNonRepudiationChecks] },
    );
  }
}

/** `client_secret_basic` where the provider does not say what it takes (OpenID Connect Discovery 1.0 §3). */
function clientAuth(
  secret: string | undefined,
  taken: readonly string[] = ['client_secret_basic'],
) {
  if (secret === undefined) return None();
  return taken.includes('client_secret_basic')
    ? ClientSecretBasic(secret)
    : ClientSecretPost(secret);
}
