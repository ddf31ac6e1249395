import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileFailure, localFailure } from './failure.ts';

const WHERE = 'the worker';

/** The directories of the worker that transfers may touch. */
export class FileRoots {
  readonly #given: readonly string[];
  #resolved: Promise<readonly string[]> | null = null;
  /** Directories found to lie under a root: as asked for → with all links followed. */
  readonly #parents = new Map<string, string>();

  constructor(roots: readonly string[]) {
    this.#given = roots.map((root) => path.resolve(root));
  }

  /** An absolute path for one in a step's config; relative ones begin at the first root. */
  absolute(given: string): string {
    if (given.includes('\0')) throw fileFailure('invalid_input', this.#spot(given), 'a path holds no NUL');
    return path.resolve(this.#given[0] ?? '/', given);
  }

  /**
   * The path with the links of its parents followed. Throws `policy`, naming the roots, when that lies under none of them.
   * The last component is left as it is: whoever opens it refuses a link there.
   */
  async within(asked: string): Promise<string> {
    const roots = await this.#roots();
    const root = roots[this.#given.indexOf(asked)];
    if (root !== undefined) return root;
    if (roots.includes(asked)) return asked;
    const parent = path.dirname(asked);
    const known = this.#parents.get(parent);
    if (known !== undefined) return path.join(known, path.basename(asked));
    const real = await realpath(parent).catch(async (error: unknown) => {
      // What lies outside is refused alike, whether it exists or not.
      if (!this.#isUnder(asked, [...this.#given, ...roots])) throw this.#outside(asked);
      if (isAbsent(error)) return null;
      throw localFailure({ ...this.#spot(asked), path: parent }, error);
    });
    if (real === null) return path.join(await this.within(parent), path.basename(asked));
    if (!this.#isUnder(path.join(real, path.basename(asked)), roots)) throw this.#outside(asked);
    this.#parents.set(parent, real);
    return path.join(real, path.basename(asked));
  }

  /** To be called when links or directories have changed. */
  forget(): void {
    this.#parents.clear();
  }

  #roots(): Promise<readonly string[]> {
    this.#resolved ??= Promise.all(
      this.#given.map(async (root) => {
        try {
          await mkdir(root, { recursive: true, mode: 0o700 });
          return await realpath(root);
        } catch (error) {
          throw localFailure({ ...this.#spot(root), stage: 'directory' }, error);
        }
      }),
    );
    return this.#resolved;
  }

  #isUnder = (real: string, roots: readonly string[]): boolean =>
    roots.some((root) => real.startsWith(root === '/' ? root : `${root}/`) || real === root);

  #outside = (asked: string) =>
    fileFailure(
      'policy',
      this.#spot(asked),
      `lies outside of what this worker lets transfers touch: ${this.#given.join(', ')} (worker.file_roots)`,
    );

  #spot = (asked: string) => ({ where: WHERE, stage: 'resolve', path: asked }) as const;
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
