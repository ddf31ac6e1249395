import { stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { Answer } from './ask.ts';
import { baseAssignment } from './detached/place.ts';
import { routeName, whereOf } from './failure.ts';
import type { SshSession } from './session.ts';
import type { SshRoute } from './target.ts';

/** A host that is looked at, over one session. */
export interface Looked {
  readonly route: SshRoute;
  readonly session: SshSession;
  readonly signal: AbortSignal;
}

const LIMITS = { limitMs: 10_000, maxBytes: 16_384 };

/** Whether a POSIX shell answers; finds what the system calls itself. */
export async function lookAtShell(looked: Looked): Promise<Json> {
  const { stdout } = await answerTo(looked, 'printf "shell %s\\n" "$(uname -srm 2>/dev/null)"\n');
  const system = /^shell (.*)$/m.exec(stdout.toString())?.[1];
  if (system !== undefined) return { system };
  throw failed(looked, `starts no POSIX shell; it answers ${JSON.stringify(stdout.toString().slice(0, 200))}`);
}

/** Room where the product keeps its files; the directory itself may not be there yet. */
export async function lookAtSpace(looked: Looked, remoteDir: string | null): Promise<Json> {
  const script = `${baseAssignment(remoteDir)}while [ ! -d "$c_base" ] && [ "$c_base" != / ]; do
  c_base=\${c_base%/*}
  c_base=\${c_base:-/}
done
printf 'directory %s\\n' "$c_base"
[ -w "$c_base" ] && echo writable
df -Pk "$c_base" | tail -n 1
`;
  const text = (await answerTo(looked, script)).stdout.toString();
  const directory = /^directory (.*)$/m.exec(text)?.[1] ?? '';
  const [, total, , free] = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s/.exec(text) ?? [];
  if (free === undefined) throw failed(looked, `does not say how much room ${directory} has: ${JSON.stringify(text.slice(0, 200))}`);
  const found = { directory, free_bytes: Number(free) * 1024, total_bytes: Number(total) * 1024 };
  if (!/^writable$/m.test(text)) throw failed(looked, `does not let the login write into ${directory}`, 'policy', found);
  if (found.free_bytes <= 0) throw failed(looked, `has no room left in ${directory}`, 'policy', found);
  return found;
}

/** How far the host's clock is ahead of ours, half a round trip allowed for. */
export async function lookAtClock(looked: Looked): Promise<Json> {
  const asked = Date.now();
  const { stdout } = await answerTo(looked, "date '+%s %N'\n");
  const answered = Date.now();
  const [, seconds, nanoseconds] = /^(\d+)(?: (\d{9}))?/.exec(stdout.toString()) ?? [];
  if (seconds === undefined) throw failed(looked, `tells no time: ${JSON.stringify(stdout.toString().slice(0, 100))}`);
  // Without fractions the second is half over, on average.
  const theirs = Number(seconds) * 1000 + (nanoseconds === undefined ? 500 : Number(nanoseconds) / 1e6);
  return { skew_ms: Math.round(theirs - (asked + answered) / 2), round_trip_ms: answered - asked };
}

async function answerTo(looked: Looked, script: string): Promise<Answer> {
  const answer = await looked.session.ask(script, { ...LIMITS, signal: looked.signal });
  if (answer.code === 0) return answer;
  throw failed(looked, `has a shell that ended with ${answer.code}: ${answer.stderr.toString().trim().slice(0, 500)}`);
}

const failed = (
  { route }: Looked,
  what: string,
  type: 'connection' | 'policy' = 'connection',
  found: { readonly [name: string]: Json } = {},
) => stepFailure(type, `${routeName(route)} ${what}`, { ...whereOf(route, 'channel'), ...found });
