/** What the API refused, with its words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One call of the product's own API with a token: its JSON answer, or `ApiRefusal`. A string body goes as YAML, any other as JSON; PUT replaces whatever version is there. */
export type CallApi = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** The API at an address as the holder of a token calls it. */
export const apiAt =
  (url: string, token: string): CallApi =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const yaml = typeof body === 'string';
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': yaml ? 'application/yaml' : 'application/json' }),
        ...(method === 'PUT' && { 'if-match': '*' }),
      },
      ...(body !== undefined && { body: yaml ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiRefusal(response.status, `${method} ${path} answered ${response.status}: ${detailOf(text)}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };

function detailOf(text: string): string {
  try {
    const { detail, title } = JSON.parse(text) as { detail?: string; title?: string };
    return detail ?? title ?? text;
  } catch {
    return text.slice(0, 500);
  }
}
