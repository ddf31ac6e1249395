/** What makes a query one of a form: it reads a thing for that form and not again, since what is edited must not change under the reader's hands, and a save tells when it did. */
export const readForForm = (kind: string, name: string) => ({
  queryKey: ['edited', kind, name] as const,
  gcTime: 0,
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: false as const,
  refetchOnWindowFocus: false,
  meta: {},
});
