import { z } from 'zod';
import { parseKnownHosts } from '#platform/known-hosts.ts';

const TYPE = /^(ssh-|ecdsa-|sk-)/;

/** A public host key from a line: `ssh-ed25519 AAAA…`, with the host's names before it as in known_hosts, or behind `@revoked`; null when there is none. */
function keyIn(line: string) {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => TYPE.test(word));
  const named = at === 0 ? `host ${line}` : line;
  const [known, another] = parseKnownHosts(named).lines;
  return known && !another && known.marker !== 'cert-authority' ? known.key : null;
}

/** A host key as `ssh-keyscan`, known_hosts or a `.pub` file has it, or as an object; the fingerprint is always ours. */
export const HostKeyContent = z
  .union([
    z.string().max(20_000),
    z
      .object({ type: z.string().max(100), key: z.string().max(20_000), revoked: z.boolean().default(false) })
      .transform(({ type, key, revoked }) => `${revoked ? '@revoked host ' : ''}${type} ${key}`),
  ])
  .transform((line, c) => {
    const key = keyIn(line);
    if (key) return key;
    c.addIssue({ code: 'custom', message: 'expected a public host key such as "ssh-ed25519 AAAA…"' });
    return z.NEVER;
  });

/** A host key that a target pins, or, revoked, refuses. */
export const HostKeyView = z
  .object({ type: z.string(), fingerprint: z.string(), key: z.string(), revoked: z.boolean().optional() })
  .meta({ id: 'HostKey' });

/** What of a known_hosts file went to which target. */
export const KnownHostsReport = z
  .object({
    dry_run: z.boolean(),
    items: z.array(z.object({ target: z.string(), added: z.array(HostKeyView) })),
    problems: z.array(z.object({ line: z.number(), message: z.string() })),
  })
  .meta({ id: 'KnownHostsReport' });
