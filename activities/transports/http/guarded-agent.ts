import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type StepFailure, stepFailure } from '#jobs/failure.ts';
import { judgeAddress } from './address-policy.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A client that looks at the address a connection really goes to: literal ones before connecting, names when they have resolved, and the
 * connection goes to the very address that was judged. Refusals are `policy` failures.
 */
export function guardedAgent(allow: readonly string[]): Agent {
  return new Agent({
    keepAliveTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      const refusal = isIP(host) === 0 ? null : refusalOf(host, port, host, allow);
      if (refusal !== null) return done(refusal, null);
      const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false, lookup: guardedLookup(host, port, allow) });
      connect(options, done);
    },
  });
}

const guardedLookup =
  (host: string, port: number, allow: readonly string[]): LookupFunction =>
  (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      for (const { address } of addresses) {
        const refusal = refusalOf(host, port, address, allow);
        // One forbidden address among good ones is how a hostile name server would try.
        if (refusal !== null) return done(refusal, []);
      }
      if (options.all) return done(null, addresses);
      const [first] = addresses;
      return first === undefined ? done(new Error(`${name} has no address`), []) : done(null, first.address, first.family);
    });
  };

function refusalOf(host: string, port: number, address: string, allow: readonly string[]): StepFailure | null {
  const verdict = judgeAddress({ host, port, address }, allow);
  if (verdict.allowed) return null;
  return stepFailure('policy', `${host === address ? '' : `${host} resolves to `}${verdict.because}`, { host, address });
}
