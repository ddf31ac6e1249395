import { CommandFailed, EXIT, exitOf } from './exit-codes.ts';
import type { Login } from './login-file.ts';

/** An answer of the API: its body, and the tag of the state it shows. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly etag: string | null;
}

interface Request {
  readonly body?: unknown;
  /** Sent as YAML instead of JSON. */
  readonly yaml?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Statuses that are an answer here, not a failure. */
  readonly accept?: readonly number[];
}

/** The API as the commands use it; refusals become `CommandFailed` with the API's own sentence. */
export interface ApiClient {
  ask<T>(method: string, path: string, request?: Request): Promise<Answer<T>>;
  /** The text of an answer that may be long, piece by piece. */
  text(path: string): AsyncGenerator<string>;
  /** Live events of these topics from the last one seen, until the stream ends. */
  events(topics: readonly string[], lastEventId: string | null): AsyncGenerator<LiveEvent>;
}

export interface LiveEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

interface ProblemBody {
  readonly detail?: string;
  readonly problems?: readonly { readonly message: string; readonly line?: number }[];
}

/** A client of the API at this login's address. */
export function apiClient({ url, token }: Login): ApiClient {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};

  const reach = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(`${url}${path}`, init);
    } catch (error) {
      throw new CommandFailed(EXIT.unreachable, `no answer from ${url}; is Capstan running? (npm start, or set CAPSTAN_URL)`, {
        cause: error,
      });
    }
  };

  /** What an answer holds; a proxy's own page, or an answer that was cut, is none of ours. */
  const bodyOf = async (response: Response): Promise<unknown> => {
    try {
      const text = await response.text();
      return text === '' ? null : JSON.parse(text);
    } catch (error) {
      throw new CommandFailed(EXIT.unreachable, `${url} answered ${response.status} with something that Capstan does not say`, {
        cause: error,
      });
    }
  };

  return {
    async ask<T>(method: string, path: string, { body, yaml, headers, accept = [] }: Request = {}) {
      const content =
        yaml !== undefined
          ? { body: yaml, type: 'application/yaml' }
          : body !== undefined
            ? { body: JSON.stringify(body), type: 'application/json' }
            : null;
      const response = await reach(path, {
        method,
        headers: { accept: 'application/json', ...authorization, ...(content && { 'content-type': content.type }), ...headers },
        ...(content && { body: content.body }),
      });
      const answer = await bodyOf(response);
      if (!response.ok && !accept.includes(response.status)) throw refusal(response.status, answer as ProblemBody | null);
      return { status: response.status, body: answer as T, etag: response.headers.get('etag') };
    },

    async *text(path) {
      const response = await reach(path, { headers: authorization });
      if (!response.ok || !response.body) throw refusal(response.status, (await bodyOf(response)) as ProblemBody | null);
      const decoder = new TextDecoder();
      for await (const bytes of response.body) yield decoder.decode(bytes, { stream: true });
    },

    async *events(topics, lastEventId) {
      const response = await reach(`/events?topics=${topics.join(',')}`, {
        headers: { accept: 'text/event-stream', ...authorization, ...(lastEventId !== null && { 'last-event-id': lastEventId }) },
      });
      if (!response.ok || !response.body) throw refusal(response.status, (await bodyOf(response)) as ProblemBody | null);
      let rest = '';
      const decoder = new TextDecoder();
      for await (const bytes of response.body) {
        const frames = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1] ?? null;
          const data = field('data');
          if (data !== null) yield { event: field('event') ?? 'message', id: field('id'), data: JSON.parse(data) };
        }
      }
    },
  };
}

function refusal(status: number, problem: ProblemBody | null): CommandFailed {
  const details = problem?.problems?.map(({ message, line }) => `  ${line ? `line ${line}: ` : ''}${message}`) ?? [];
  const sentence = problem?.detail ?? `the API answered ${status}`;
  const message = details.length > 0 ? `refused:\n${details.join('\n')}` : sentence;
  return new CommandFailed(exitOf(status), status === 401 ? `${message}; try \`capstan login\`` : message);
}
