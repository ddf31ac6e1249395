import { setInterval } from 'node:timers';

const [perSecond = 0, seconds = 0] = process.argv.slice(2).map(Number);
const began = performance.now();
let said = 0;

/** Says so many lines a second, by the clock, for so long. */
const timer = setInterval(() => {
  const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) * perSecond) / 1000));
  let text = '';
  for (; said < due; said += 1) text += `line ${said + 1}: object ${(said * 7919) % 1_000_003} was compared and found to be as it should\n`;
  process.stdout.write(text);
  if (said === perSecond * seconds) clearInterval(timer);
}, 20);
