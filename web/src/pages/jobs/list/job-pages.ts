import { keepPreviousData, useQueryClient } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { forgetOffset } from '../../../components/kept-offset.ts';
import { lasting } from '../../../components/lasting.ts';
import type { TableSteer } from '../../../components/VirtualTable.tsx';
import { jobsPagesQuery, listOf } from '../queries.ts';
import type { JobsFilter } from './filter.ts';

/** The loaded part of the list of jobs, which grows at both ends; either end of all of it is one request. */
export const useJobPages = (asked: () => JobsFilter, begin: (from: JobsFilter['from']) => void) => {
  const queries = useQueryClient();
  const query = lasting(useInfiniteQuery(() => ({ ...jobsPagesQuery(asked()), placeholderData: keepPreviousData })));
  const pages = createMemo(() => query.data?.pages ?? []);
  let steer: TableSteer | undefined;
  /** The end that the reader asked for, whose rows are being read. */
  let owed: 'start' | 'end' | null = null;

  /** Reads a list from where it begins, whatever is known of it. */
  const forget = (list: JobsFilter) => {
    forgetOffset(listOf(list));
    const { queryKey } = jobsPagesQuery(list);
    if (listOf(list) === listOf(asked())) void queries.resetQueries({ queryKey, exact: true });
    else queries.removeQueries({ queryKey, exact: true });
  };
  return {
    query,
    rows: createMemo(() => pages().flatMap(({ items }) => items)),
    /** The list that is shown, by which its scroll position is kept; another one is drawn anew. */
    place: () => pages()[0]?.of ?? '',
    nearEnd: () => {
      if (query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError) void query.fetchNextPage();
    },
    nearStart: () => {
      if (query.hasPreviousPage && !query.isFetchingPreviousPage && !query.isFetchPreviousPageError) void query.fetchPreviousPage();
    },
    move: (by: number) => steer?.move(by),
    goTo: (end: 'start' | 'end') => {
      if (!(end === 'start' ? query.hasPreviousPage : query.hasNextPage)) return steer?.to(end);
      owed = end;
      forget({ ...asked(), from: end });
      begin(end);
    },
    steered: (moves: TableSteer) => {
      steer = moves;
      if (owed !== null) moves.to(owed);
      owed = null;
    },
  };
};
