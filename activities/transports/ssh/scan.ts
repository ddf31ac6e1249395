import { StepFailure } from '#jobs/failure.ts';
import { algorithmsFor, missingAlgorithm } from './algorithms.ts';
import { HandshakeError, logIn } from './client.ts';
import { connectFailure } from './failure.ts';
import type { Hello } from './hello.ts';
import type { HostKey } from './host-key.ts';
import type { SshPool } from './pool.ts';
import type { SshRoute } from './target.ts';

/** What a host shows to whoever asks, verified by nobody. */
export interface Scanned {
  readonly serverVersion: string | null;
  /** One of each type that it has and that a pin can name. */
  readonly keys: readonly HostKey[];
}

/** Signature algorithms by the type of key they show. */
const KEY_TYPES: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
];

/** The key is known; the connection has served its end. */
class Shown extends Error {
  override readonly name = 'Shown';
  readonly key: HostKey;

  constructor(key: HostKey) {
    super('the host has shown its key');
    this.key = key;
  }
}

/** Asks a host for its keys, one handshake for each type and no login; hosts on the way are logged in on, with their keys verified. Throws `connection` or `policy`. */
export async function scanHost(pool: SshPool, route: SshRoute, signal: AbortSignal): Promise<Scanned> {
  const keys: HostKey[] = [];
  const offered = algorithmsFor({ legacyAlgorithms: route.target.legacyAlgorithms, hostKeys: [] });
  let hello: Hello | null = null;
  let failure: StepFailure | null = null;
  for (const type of KEY_TYPES) {
    signal.throwIfAborted();
    const serverHostKey = type.filter((algorithm) => offered.serverHostKey.includes(algorithm));
    const theirs: readonly string[] | undefined = (hello as Hello | null)?.offers?.serverHostKey;
    if (theirs !== undefined && !serverHostKey.some((algorithm) => theirs.includes(algorithm))) continue;
    try {
      keys.push(
        await shownKey(pool, route, { ...offered, serverHostKey }, (said) => {
          hello = said;
        }),
      );
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      if (error.details?.missing !== 'host key algorithm') throw error;
      failure = error;
    }
  }
  if (keys.length === 0 && failure !== null) throw failure;
  return { serverVersion: (hello as Hello | null)?.ident ?? null, keys };
}

function shownKey(
  pool: SshPool,
  route: SshRoute,
  algorithms: ReturnType<typeof algorithmsFor>,
  hear: (hello: Hello) => void,
): Promise<HostKey> {
  return pool.handshake(route, async (stream, limitMs) => {
    try {
      await logIn(stream, {
        user: route.target.user,
        credential: null,
        algorithms,
        verify: async (key, hello) => {
          hear(hello);
          throw new Shown(key);
        },
        limitMs,
      });
    } catch (error) {
      if (error instanceof Shown) return error.key;
      if (error instanceof HandshakeError && missingAlgorithm(error.message) !== null) hear(error.hello);
      throw connectFailure(route, algorithms, error);
    }
    throw new Error('a host was logged in on by a scan');
  });
}
