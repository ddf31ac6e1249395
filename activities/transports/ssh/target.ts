import type { HostKey, HostKeyPolicy } from './host-key.ts';

/** Where to connect, as whom, and which keys the host may show. */
export interface SshTarget {
  readonly project: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyPolicy: HostKeyPolicy;
  readonly hostKeys: readonly HostKey[];
  /** Also algorithms that are broken or weak, for hosts that know no others. */
  readonly legacyAlgorithms: boolean;
  /** Longest wait for connection, key exchange and login together; null: the worker's. */
  readonly connectTimeoutMs: number | null;
}

/** An opened secret; `version` is `<id>@<number>` and changes whenever the secret does, so that pooled connections of an old one are not reused. */
export type SshCredential =
  | { readonly kind: 'ssh_password'; readonly version: string; readonly password: string }
  | { readonly kind: 'ssh_key'; readonly version: string; readonly privateKey: string; readonly passphrase: string | null };

/** Records a host's first key and answers with the keys pinned from now on, which are another's when two first contacts race. */
export type PinHostKey = (key: HostKey) => Promise<readonly HostKey[]>;

/** How to log in on a target, and the login to go through to get there. */
export interface SshRoute {
  readonly target: SshTarget;
  readonly credential: SshCredential;
  readonly pinHostKey: PinHostKey;
  readonly jump: SshRoute | null;
}

/** The hosts to go through, the nearest first. */
export const hopsOf = ({ jump }: SshRoute): readonly SshRoute[] => (jump === null ? [] : [...hopsOf(jump), jump]);

/** How a target is named in messages, e.g. `db-1 (app@10.0.0.7:22)`. */
export const placeOf = ({ name, user, host, port }: Pick<SshTarget, 'name' | 'user' | 'host' | 'port'>): string =>
  `${name} (${user}@${host}:${port})`;
