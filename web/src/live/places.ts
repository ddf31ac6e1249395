import type { QueryClient } from '@tanstack/solid-query';
import { PLACES, type Place } from '#jobs/places.ts';

const AT_MOST_MS = 1000;

/** Says of a query that it shows something of a place: it is read again when something there changes. */
export const showsOf = (place: Place) => ({ live: true, topic: place }) as const;

/** Every place that tells when something there has changed, with what it takes to hear of it. */
export const placesThatTell = Object.entries(PLACES) as readonly (readonly [Place, string])[];

/** Reads again what is shown of a place where something changed: once a second at most, and never while it is being read for the change before. */
export const createPlaceReader = (queries: QueryClient) => {
  const owed = new Map<Place, boolean>();

  const readAgain = async (place: Place): Promise<void> => {
    const ofPlace = { predicate: ({ meta }: { readonly meta: { readonly topic?: string } | undefined }) => meta?.topic === place };
    do {
      // What somebody else asked for before may be answered with how it was.
      owed.set(place, queries.isFetching(ofPlace) > 0);
      const rest = new Promise((resolve) => setTimeout(resolve, AT_MOST_MS));
      await Promise.all([queries.invalidateQueries(ofPlace, { cancelRefetch: false }), rest]);
    } while (owed.get(place));
    owed.delete(place);
  };

  return (place: Place): void => {
    if (owed.has(place)) owed.set(place, true);
    else void readAgain(place);
  };
};
