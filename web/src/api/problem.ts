/** One thing wrong with what was sent, at the place its pointer names. */
export interface FieldProblem {
  readonly pointer: string;
  readonly message: string;
}

/** An RFC 9457 answer, or a request that got none (status 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly type: string;
  readonly requestId: string | null;
  readonly problems: readonly FieldProblem[];
  /** Seconds the server asked to wait. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    facts: { title: string; type?: string; requestId?: string | null; problems?: readonly FieldProblem[]; retryAfter?: number | null },
  ) {
    super(facts.title);
    this.status = status;
    this.type = facts.type ?? 'about:blank';
    this.requestId = facts.requestId ?? null;
    this.problems = facts.problems ?? [];
    this.retryAfter = facts.retryAfter ?? null;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const problemsOf = (value: unknown): readonly FieldProblem[] =>
  Array.isArray(value)
    ? value.flatMap((entry: { pointer?: unknown; message?: unknown }) =>
        typeof entry?.pointer === 'string' && typeof entry.message === 'string' ? [{ pointer: entry.pointer, message: entry.message }] : [],
      )
    : [];

const secondsOf = (header: string | null): number | null => {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
};

/** Reads a failed answer, whatever its body is, into the one shape the page shows. */
export const readProblem = async (response: Response): Promise<ApiProblem> => {
  const body: Record<string, unknown> = await response.json().catch(() => ({}));
  return new ApiProblem(response.status, {
    title: textOf(body.detail) ?? textOf(body.title) ?? `${response.status} ${response.statusText}`,
    type: textOf(body.type) ?? 'about:blank',
    requestId: textOf(body.request_id) ?? response.headers.get('x-request-id'),
    problems: problemsOf(body.problems),
    retryAfter: secondsOf(response.headers.get('retry-after')),
  });
};
