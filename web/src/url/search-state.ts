/** One value of the query string: how its text is read, and written. */
export interface Field<T> {
  /** The value while the query string does not name it; it is never written. */
  readonly absent: T;
  /** The value of a text, or null when it says nothing that is known; with the parts that were not understood. */
  readonly read: (text: string) => { readonly value: T | null; readonly dropped?: readonly string[] };
  /** The text of a value; null when it is the absent one. */
  readonly write: (value: T) => string | null;
}

/** A part of the page's state as it stands in the query string. */
export interface SearchState<T> {
  readonly names: readonly string[];
  readonly absent: T;
  /** What the query string says; what it does not understand is dropped and named as `name=value`, cut short. */
  readonly parse: (search: string) => { readonly value: T; readonly dropped: readonly string[] };
  /** The query string of a value, without `?`; two equal values have the same, and parsing it gives the value again. */
  readonly write: (value: T) => string;
}

const NAMED_CHARACTERS = 40;
const named = (name: string, text: string): string =>
  `${name}=${text.length > NAMED_CHARACTERS ? `${text.slice(0, NAMED_CHARACTERS)}…` : text}`;

/** Reads and writes a state whose fields are values of the query string, in the order given here. */
export const searchState = <T extends object>(fields: { readonly [K in keyof T]: Field<T[K]> }): SearchState<T> => {
  const names = Object.keys(fields) as (keyof T & string)[];
  const absent = Object.fromEntries(names.map((name) => [name, fields[name].absent])) as T;
  return {
    names,
    absent,
    parse: (search) => {
      const given = new URLSearchParams(search);
      const dropped: string[] = [];
      const read = <K extends keyof T & string>(name: K): [K, T[K]] => {
        const text = given.get(name);
        if (text === null || text === '') return [name, fields[name].absent];
        const said = fields[name].read(text);
        const unknown = said.dropped ?? (said.value === null ? [text] : []);
        dropped.push(...unknown.map((part) => named(name, part)));
        return [name, said.value ?? fields[name].absent];
      };
      return { value: Object.fromEntries(names.map(read)) as T, dropped };
    },
    write: (value) => {
      const search = new URLSearchParams();
      for (const name of names) {
        const text = fields[name].write(value[name]);
        if (text !== null && text !== '') search.set(name, text);
      }
      return search.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
    },
  };
};

/** Any text up to so many characters; empty when absent. */
export const text = (most: number): Field<string> => ({
  absent: '',
  read: (given) => ({ value: given.length > most ? null : given }),
  write: (value) => value.toWellFormed(),
});

/** Some of these words, separated by commas and kept in the order of the list; unknown ones are dropped, each by itself. */
export const words = <const W extends string>(known: readonly W[]): Field<readonly W[]> => ({
  absent: [],
  read: (given) => {
    const parts = given.split(',').filter((part) => part !== '');
    return {
      value: known.filter((word) => parts.includes(word)),
      dropped: parts.filter((part) => !(known as readonly string[]).includes(part)),
    };
  },
  write: (value) => known.filter((word) => value.includes(word)).join(','),
});

/** One of these words; the fallback is not written. */
export const word = <const W extends string>(known: readonly W[], fallback: NoInfer<W>): Field<W> => ({
  absent: fallback,
  read: (given) => ({ value: known.find((one) => one === given) ?? null }),
  write: (value) => (value === fallback ? null : value),
});

/** A whole number in a range. */
export const whole = (least: number, most: number): Field<number | null> => ({
  absent: null,
  read: (given) => {
    const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
    return { value: value >= least && value <= most ? value : null };
  },
  write: (value) => (value === null ? null : String(value)),
});

/** On or off; off is not written. */
export const flag = (): Field<boolean> => ({
  absent: false,
  read: (given) => ({ value: given === '1' ? true : null }),
  write: (value) => (value ? '1' : null),
});
