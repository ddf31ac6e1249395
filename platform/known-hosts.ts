import { createHash, createHmac } from 'node:crypto';

/** A public host key as a known_hosts line has it. */
export interface KnownKey {
  readonly type: string;
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string;
  /** Base64. */
  readonly key: string;
  readonly revoked?: true;
}

/** One line that holds a key. */
export interface KnownLine {
  /** 1-based. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | null;
  readonly hosts: string;
  readonly key: KnownKey;
}

/** A known_hosts file: its keys, and what in it could not be read. */
export interface KnownHosts {
  readonly lines: readonly KnownLine[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const MARKERS: { readonly [word: string]: KnownLine['marker'] } = { '@revoked': 'revoked', '@cert-authority': 'cert-authority' };

/** Reads a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT); a line that makes no sense is a problem, not the end. */
export function parseKnownHosts(text: string): KnownHosts {
  const lines: KnownLine[] = [];
  const problems: { line: number; message: string }[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const words = raw.trim().split(/[ \t]+/);
    if (words[0] === '' || words[0]?.startsWith('#')) continue;
    const marked = words[0]?.startsWith('@');
    const marker = marked ? MARKERS[words[0] ?? ''] : null;
    const [hosts = '', type = '', blob = ''] = marked ? words.slice(1) : words;
    const key = readKey(type, blob);
    if (marker === undefined) problems.push({ line, message: `${words[0]} is no marker; expected @revoked or @cert-authority` });
    else if (key === null) problems.push({ line, message: 'expected host names, a key type and a key in base64' });
    else lines.push({ line, marker, hosts, key: marker === 'revoked' ? { ...key, revoked: true } : key });
  }
  return { lines, problems };
}

function readKey(type: string, base64: string): KnownKey | null {
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return null;
  const blob = Buffer.from(base64, 'base64');
  const length = blob.length > 8 ? blob.readUInt32BE(0) : 0;
  if (length === 0 || blob.toString('latin1', 4, 4 + length) !== type) return null;
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type, fingerprint, key: blob.toString('base64') };
}

/** What a file says about one host. */
export interface KnownOfHost {
  /** The keys it may show, and, marked, those it must not. */
  readonly keys: readonly KnownKey[];
  /** Lines that say more than a key can: authorities for certificates. */
  readonly unsupported: readonly number[];
}

/** The keys of the lines whose host names match, hashed ones too. A key that any of them revokes is only that. */
export function keysFor({ lines }: KnownHosts, host: string, port: number): KnownOfHost {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
  const matching = lines.filter(({ hosts }) => matches(hosts, name));
  const revoked = new Set(matching.filter(({ marker }) => marker === 'revoked').map(({ key }) => key.key));
  const keys = new Map<string, KnownKey>();
  for (const { marker, key } of matching) {
    if (marker === 'revoked' || (marker === null && !revoked.has(key.key))) keys.set(key.key, key);
  }
  return {
    keys: [...keys.values()],
    unsupported: matching.filter(({ marker }) => marker === 'cert-authority').map(({ line }) => line),
  };
}

function matches(hosts: string, name: string): boolean {
  const hashed = /^\|1\|([A-Za-z0-9+/]+=*)\|([A-Za-z0-9+/]+=*)$/.exec(hosts);
  if (hashed !== null) {
    const [, salt = '', hash = ''] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  let found = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (!matchesPattern(pattern.replace(/^!/, ''), name)) continue;
    if (pattern.startsWith('!')) return false;
    found = true;
  }
  return found;
}

/** `*` stands for any text and `?` for one character; everything else, brackets too, for itself. Linear, whatever the pattern. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      retry = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      retry += 1;
      index = retry;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
