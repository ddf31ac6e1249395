type Said = string | ((...values: never[]) => string);
type Filling<S extends Said> = S extends (...values: infer V) => string ? V : [];

/** Makes the one way to say these words: each has a name, and those with places to fill take their values. */
export const speak =
  <const W extends { readonly [name: string]: Said }>(words: W) =>
  <K extends keyof W & string>(name: K, ...values: Filling<W[K]>): string => {
    const said: Said = words[name] as Said;
    return typeof said === 'string' ? said : said(...(values as never[]));
  };
