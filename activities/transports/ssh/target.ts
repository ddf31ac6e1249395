import type { HostKey, HostKeyPolicy } from './host-key.ts';

/** Where to connect, as whom, and which keys the host may show. */
export interface SshTarget {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyPolicy: HostKeyPolicy;
  readonly hostKeys: readonly HostKey[];
}

/** An opened secret; `version` changes whenever the secret does, so that pooled connections of an old one are not reused. */
export type SshCredential =
  | { readonly kind: 'ssh_password'; readonly version: string; readonly password: string }
  | { readonly kind: 'ssh_key'; readonly version: string; readonly privateKey: string; readonly passphrase: string | null };

/** Records a host's first key and answers with the keys pinned from now on, which are another's when two first contacts race. */
export type PinHostKey = (key: HostKey) => Promise<readonly HostKey[]>;
