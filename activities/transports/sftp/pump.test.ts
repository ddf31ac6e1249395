import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Places } from './parallel.ts';
import { pump, SourceShrank } from './pump.ts';

const never = new AbortController().signal;
const bytesOf = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, index) => index % 251));

describe('moving a file in blocks', () => {
  test('whatever the reads and writes take, all bytes arrive, in order, hashed, with no more under way than there are places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat(3)),
        async (size, blockSize, width, delays) => {
          const content = bytesOf(size);
          const arrived = Buffer.alloc(size);
          let [next, under, most] = [0, 0, 0];
          const wait = async (): Promise<void> => {
            for (let turns = delays.next().value ?? 0; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
          };
          const hash = createHash('sha256');
          await pump({
            source: {
              read: async (position, length) => {
                under += 1;
                most = Math.max(most, under);
                await wait();
                return content.subarray(position, position + length);
              },
            },
            sink: {
              write: async (position, bytes) => {
                expect(position).toBe(next);
                next += bytes.length;
                await wait();
                bytes.copy(arrived, position);
                under -= 1;
              },
            },
            from: 0,
            size,
            blockSize,
            places: new Places(width),
            hash,
            signal: never,
            moved: () => undefined,
          });
          expect(arrived.equals(content)).toBe(true);
          expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
          expect(most).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('behind a block that could not be read nothing is written, and the first failure is told', async () => {
    const written: number[] = [];
    const moving = pump({
      source: { read: async (position, length) => bytesOf(100).subarray(position, Math.min(45, position + length)) },
      sink: {
        write: async (position) => {
          written.push(position);
        },
      },
      from: 0,
      size: 100,
      blockSize: 10,
      places: new Places(8),
      hash: null,
      signal: never,
      moved: () => undefined,
    });
    await expect(moving).rejects.toThrow(SourceShrank);
    expect(written).toEqual([0, 10, 20, 30]);
  });
});
