// By which authority a server elsewhere is known, before anything is said to it.
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import { NoRemoteError } from './no-remote-error.ts';

const WAIT_MS = 15_000;

/** What a server shows. */
export type ShownAuthority = {
  /** this machine trusts it anyway */
  readonly isTrusted: boolean;
  /** PEM of the last certificate of its chain */
  readonly pem: string;
  /** its SHA-256, as openssl(1) writes it */
  readonly fingerprint: string;
};

/** @throws {NoRemoteError} if nobody answers there by TLS */
export async function shownAuthority(url: string): Promise<ShownAuthority> {
  // Few commands need it.
  const { connect } = await import('node:tls');
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return await new Promise((resolve, reject) => {
    // Nothing is sent: the certificate is for a person to look at.
    const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false });
    const fail = (cause: Error) => {
      socket.destroy();
      reject(new NoRemoteError(url, cause));
    };
    socket.setTimeout(WAIT_MS, () => fail(new Error(`no answer within ${WAIT_MS / 1000} s`)));
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const last = new X509Certificate(lastOf(socket.getPeerCertificate(true)).raw);
      resolve({
        isTrusted: socket.authorized,
        pem: last.toString(),
        fingerprint: last.fingerprint256,
      });
      socket.destroy();
    });
  });
}

function lastOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  const { issuerCertificate: next } = certificate;
  return next === undefined || next === certificate ? certificate : lastOf(next);
}
