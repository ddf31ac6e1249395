/** Resolves when the API at an address says that it is ready and that it is this very one; rejects with what it says instead. */
export async function answersAs(instance: string, url: string): Promise<void> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
  const text = await response.text();
  if (response.headers.get('x-capstan-instance') !== instance) throw new Error(`another program answers at ${url}`);
  if (!response.ok) throw new Error(`${url}/readyz answers ${response.status}: ${text.slice(0, 500)}`);
}
