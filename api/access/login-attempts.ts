const WINDOW_MS = 5 * 60_000;
const PER_USER_AND_ADDRESS = 10;
const PER_ADDRESS = 100;
const REMEMBERED = 50_000;

/** Counts failed logins per user and address; names that do not exist count like any other, so nobody learns which do. */
export interface LoginAttempts {
  /** Seconds until another attempt is accepted; 0: now. */
  waitFor(user: string, address: string): number;
  failed(user: string, address: string): void;
  succeeded(user: string, address: string): void;
}

/** Ten failures in five minutes for one user from one address, a hundred from one address. Kept in this process. */
export function countLoginAttempts(now: () => number = Date.now): LoginAttempts {
  const failures = new Map<string, { count: number; until: number }>();
  const pair = (user: string, address: string) => `${address} ${user.toLowerCase()}`;

  const left = (key: string, limit: number): number => {
    const entry = failures.get(key);
    return entry && entry.count >= limit && entry.until > now() ? Math.ceil((entry.until - now()) / 1000) : 0;
  };
  const count = (key: string): void => {
    const entry = failures.get(key);
    if (entry && entry.until > now()) entry.count += 1;
    else {
      failures.delete(key);
      failures.set(key, { count: 1, until: now() + WINDOW_MS });
    }
    // Oldest first out: a flood of invented names must not fill the memory.
    for (const oldest of failures.keys()) {
      if (failures.size <= REMEMBERED) break;
      failures.delete(oldest);
    }
  };

  return {
    waitFor: (user, address) => Math.max(left(pair(user, address), PER_USER_AND_ADDRESS), left(address, PER_ADDRESS)),
    failed(user, address) {
      count(pair(user, address));
      count(address);
    },
    succeeded(user, address) {
      failures.delete(pair(user, address));
    },
  };
}
