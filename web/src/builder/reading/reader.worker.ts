import { answerWith } from '../../workers/answer-with.ts';
import { answer } from './answer.ts';
import type { Question } from './messages.ts';

answerWith((question: Question) => answer(question));
