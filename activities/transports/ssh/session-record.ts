import type { HostKey } from './host-key.ts';
import { hopsOf, type SshRoute, type SshTarget } from './target.ts';

/** An authenticated connection at its beginning. */
export interface SessionFacts {
  readonly target: SshTarget;
  readonly serverVersion: string | null;
  readonly hostKey: HostKey;
  /** The hosts it goes through, the nearest first. */
  readonly hops: readonly {
    readonly target: string;
    readonly host: string;
    readonly port: number;
    readonly host_key_fingerprint: string;
  }[];
}

/** The step that opened a channel on a session. */
export interface SessionUse {
  readonly run: string;
  readonly key: string;
}

/** What was done over a session. */
export interface Done {
  readonly commands?: number;
  readonly files?: number;
  readonly bytes?: number;
}

/** Where one session is written down. */
export interface SessionRecord {
  /** Told again with the same step, it changes nothing. */
  used(by: SessionUse): void;
  count(done: Done): void;
  /** The first reason stands. */
  closed(reason: string): void;
}

/** Where sessions are written down. */
export interface SessionSink {
  opened(facts: SessionFacts): SessionRecord;
}

const nothing = (): void => undefined;

/** Keeps no record. */
export const unrecorded: SessionSink = { opened: () => ({ used: nothing, count: nothing, closed: nothing }) };

/** The hosts of a route as a session names them. */
export const hopFacts = (route: SshRoute, fingerprintOf: (hop: SshRoute) => string): SessionFacts['hops'] =>
  hopsOf(route).map((hop) => {
    const { name: target, host, port } = hop.target;
    return { target, host, port, host_key_fingerprint: fingerprintOf(hop) };
  });
