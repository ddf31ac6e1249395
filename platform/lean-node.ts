/** How every process of the product runs Node: younger heaps of 4 MB instead of 16 are collected often, so that short-lived bytes never pile up. */
export const LEAN_NODE: readonly string[] = ['--max-semi-space-size=4'];

/** Two arenas for malloc instead of sixteen: what one thread frees, another can use. */
export const LEAN_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' } as const;
