import { stringify } from 'yaml';
import type { Json, JsonObject } from '#jobs/json.ts';
import { hasEnded, type RunStatus, type StepStatus } from '#jobs/run-state.ts';

/** What the API answered, its JSON body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** A run's row as the API shows it, as far as tests look. */
export interface RunSeen {
  readonly id: string;
  readonly status: RunStatus;
  readonly waiting_for: string | null;
  readonly error_message: string | null;
  readonly completed_steps: number;
  readonly failed_steps: number;
  readonly result_data: Json;
}

export interface StepSeen {
  readonly key: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly message: string | null;
  readonly error: { readonly type: string; readonly message: string; readonly details?: JsonObject } | null;
  readonly worker_id: string | null;
  readonly outputs: Json;
  readonly target: string | null;
  readonly parent_key: string | null;
  readonly targets: readonly string[] | null;
  readonly item: Json;
  readonly parts: number | null;
  readonly progress: number;
  readonly exit_code: number | null;
  readonly stdout: string | null;
  readonly attempts: readonly { readonly attempt: number; readonly status: StepStatus; readonly reattached: boolean }[];
}

export interface ApiClient {
  call(method: string, path: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Answer>;
  /** Saves a job; answers with its name. */
  job(definition: { readonly name: string; readonly [field: string]: unknown }): Promise<string>;
  /** Starts a run of a job; answers with its id. */
  start(job: string, body?: { readonly [field: string]: unknown }): Promise<string>;
  run(id: string): Promise<RunSeen>;
  steps(id: string): Promise<readonly StepSeen[]>;
  /** The run once it has the status, or has ended when none is given. */
  until(id: string, is?: (run: RunSeen) => boolean, withinMs?: number): Promise<RunSeen>;
  untilStep(id: string, key: string, is: (step: StepSeen) => boolean, withinMs?: number): Promise<StepSeen>;
  log(
    id: string,
    key: string,
    from?: number,
    limit?: number,
  ): Promise<readonly { readonly n: number; readonly text: string; readonly stream: string }[]>;
}

/** The API as one holder of a token uses it; statuses other than expected are thrown with their answer. */
export function apiClient(url: string, token: string): ApiClient {
  async function call(method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}): Promise<Answer> {
    const text = typeof body === 'string';
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': text ? 'application/yaml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: answer === '' ? {} : JSON.parse(answer) };
  }
  async function expected<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call(method, path, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
  const run = (id: string) => expected<RunSeen>(200, 'GET', `/runs/${id}`);
  const steps = async (id: string) => (await expected<{ items: readonly StepSeen[] }>(200, 'GET', `/runs/${id}/steps`)).items;
  return {
    call,
    job: async (definition) => {
      await expected(201, 'POST', '/jobs', stringify(definition));
      return definition.name;
    },
    start: async (job, body = {}) => (await expected<{ id: string }>(202, 'POST', `/jobs/${job}/runs`, body)).id,
    run,
    steps,
    until: (id, is = ({ status }) => hasEnded(status), withinMs = 100_000) => eventually(() => run(id), is, withinMs),
    untilStep: (id, key, is, withinMs = 60_000) =>
      eventually(
        async () => (await steps(id)).find((step) => step.key === key),
        (step) => step !== undefined && is(step),
        withinMs,
      ) as Promise<StepSeen>,
    log: async (id, key, from = 1, limit = 1000) =>
      (
        await expected<{ items: readonly { n: number; text: string; stream: string }[] }>(
          200,
          'GET',
          `/runs/${id}/steps/${key}/log?from=${from}&limit=${limit}`,
        )
      ).items,
  };
}

/** Looks again every 50 ms until it is so; throws with what it saw last when that takes too long. */
export async function eventually<T>(look: () => Promise<T>, is: (seen: T) => boolean, withinMs: number): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      if (Date.now() > giveUpAt) throw error;
      return undefined;
    });
    if (seen !== undefined && is(seen)) return seen;
    if (Date.now() > giveUpAt) throw new Error(`not so after ${withinMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
