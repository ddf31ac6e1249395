import { Context } from '@temporalio/activity';
import type { ChoicesAnswer, ChoicesCall } from '#jobs/choices.ts';
import { StepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { Config } from '#platform/config.ts';
import { ENCODINGS } from '../transports/http/body.ts';
import { guardedAgent } from '../transports/http/guarded-agent.ts';
import { send } from '../transports/http/send.ts';

const MAX_BYTES = 1_048_576;
const REDIRECTS = 5;

/** Activities that ask addresses for what a person may choose; the addresses are judged as those of steps are. */
export const createFetchChoices = ({ worker }: Pick<Config, 'worker'>) => {
  const agent = guardedAgent(worker.http_allow);
  return {
    /** What the address answers, as JSON; a refusal or a fault is an answer too. */
    async askForChoices({ url: text }: ChoicesCall): Promise<ChoicesAnswer> {
      const url = URL.parse(text);
      if (url === null) return { error: `${JSON.stringify(text.slice(0, 200))} is not a URL` };
      const place = `${url.origin}${url.pathname}`;
      try {
        const headers = { 'user-agent': 'capstan', accept: 'application/json', 'accept-encoding': ENCODINGS };
        const request = { method: 'GET', url, headers, privateHeaders: [], body: null, redirects: REDIRECTS, maxBytes: MAX_BYTES } as const;
        const { status, body } = await send(agent, request, Context.current().cancellationSignal);
        if (status < 200 || status > 299) return { error: `${place} answered ${status}` };
        return { body: JSON.parse(body.toString('utf8')) as Json };
      } catch (error) {
        if (error instanceof StepFailure) return { error: error.message.slice(0, 1000) };
        if (error instanceof SyntaxError) return { error: `${place} answered something that is not JSON` };
        throw error;
      }
    },
  };
};
