import { Agent, get } from 'node:http';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';

// Viewers sit at machines of their own: theirs may not take the time of what is measured.
setPriority(constants.priority.PRIORITY_LOW);

const [url = '', topics = '', perToken = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
let events = 0;

/** Opens so many event streams with each of the tokens that stand on the lines of standard input, and reads them until it is ended. */
const view = (token: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = get(`${url}/api/v1/events?topics=${topics}`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`a viewer was answered ${answer.statusCode}`));
      answer.on('data', () => {
        events += 1;
      });
      answer.on('error', () => {});
      resolve();
    });
    request.on('error', reject);
  });

let open = 0;
for await (const token of createInterface({ input: process.stdin }))
  for (let n = 0; n < Number(perToken); n += 1) {
    await view(token);
    open += 1;
  }
process.stdout.write(`open ${open}\n`);
process.on('SIGTERM', () => process.stdout.write(`heard ${events}\n`, () => process.exit(0)));
