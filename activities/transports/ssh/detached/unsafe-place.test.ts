import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SHELLS, type ShellName, shellAbsent, type TestHost, testHost } from './host.fixture.ts';

const hosts: TestHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});
const NOBODY = 65_534;

describe.each(Object.keys(SHELLS) as ShellName[])('where other users may write, under %s', (shell) => {
  const made = (context: { skip(note: string): void }) => {
    if (process.getuid?.() !== 0) context.skip('only root can make what belongs to others');
    if (shellAbsent(shell)) context.skip(`no ${shell} on this machine`);
    const host = testHost(shell);
    hosts.push(host);
    const base = join(host.home, 'shared place');
    mkdirSync(base);
    const place = { ...host.place, remoteDir: base };
    const refused = async (why: string) => {
      expect(await host.start({ text: 'echo ran' }, { place })).toMatchObject({
        state: 'fault',
        why: 'directory',
        text: expect.stringContaining(why),
      });
      expect(await host.reap({ place, forget: true })).toMatchObject({ signals: [], left: [] });
    };
    return { host, base, place, refused };
  };

  test('nothing is put into a directory of another’s, or reached through a link of another’s', async (context) => {
    const { host, base, place, refused } = made(context);
    chownSync(base, NOBODY, NOBODY);
    await refused('belongs to another user');
    chownSync(base, 0, 0);
    symlinkSync(base, `${base}-link`);
    lchownSync(`${base}-link`, NOBODY, NOBODY);
    const linked = { ...place, remoteDir: `${base}-link` };
    expect(await host.start({}, { place: linked })).toMatchObject({ state: 'fault', text: expect.stringContaining('another user') });
    expect(readdirSync(base)).toEqual([]);
  });

  test('what another user put in our place beforehand is not touched', async (context) => {
    const { host, base, place, refused } = made(context);
    chmodSync(base, 0o1777);
    const treasure = join(host.home, 'treasure');
    writeFileSync(treasure, 'gold');
    const planted = join(base, place.run);
    const execution = join(planted, 'show%5B3%5D.0', '1');
    mkdirSync(execution, { recursive: true });
    for (const file of ['out', 'stop', 'seen', 'rc.new']) symlinkSync(treasure, join(execution, file));
    chownSync(planted, NOBODY, NOBODY);
    await refused('was made by another user');
    expect(readFileSync(treasure, 'utf8')).toBe('gold');
    expect(existsSync(join(execution, 'claim'))).toBe(false);
  });

  test('a place of root’s that all may write to and only owners remove from, as /tmp, will do', async (context) => {
    const { host, base, place } = made(context);
    chmodSync(base, 0o1777);
    expect(await host.start({ text: 'echo ran' }, { place })).toMatchObject({ state: 'ended', exitCode: 0 });
    expect(await host.start({}, { place })).toMatchObject({ state: 'ended', fresh: false });
    await host.reap({ place, forget: true });
    expect(readdirSync(base)).toEqual([]);
  });
});
