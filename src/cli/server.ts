import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { pageWith } from '../report/html/embed.ts';
import type { Gathered } from '../report/html/gather.ts';
import { type GraphLengths, nothing } from '../report/html/graph.ts';
import { sayingOf } from './blame.ts';

/** The address that it listens at: nobody else's machine can reach it. */
export const LOOPBACK = '127.0.0.1';

/** How many states it remembers of one variant. */
const MOST_STATES = 500_000;

interface Question {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * The page of a report over the wire, and what can happen in states that it does not have.
 *
 * It answers this machine alone, and of this machine only what the reader has opened: a page of somebody else's in the same
 * browser could otherwise read a model, by itself or by a name that it lets point here (DNS rebinding).
 */
export function server(gathered: Gathered): Server {
  return createServer((request, response) => {
    const { method = '', url = '', headers, socket } = request;
    const { status, type, body } = answer(gathered, { method, url, headers }, socket.localPort ?? 0);
    response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
    response.end(body);
  });
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** @param port the port that was asked, which the question must name */
export function answer(gathered: Gathered, question: Question, port: number): Answer {
  const refused = refusal(question, port);
  if (refused !== undefined) return said(403, refused);
  if (question.method !== 'GET') return said(405, 'Only GET is answered here.');
  const [pathname, query = ''] = question.url.split('?', 2);
  const searchParams = new URLSearchParams(query);
  if (pathname === '/') return { status: 200, type: 'text/html', body: pageWith({ ...gathered.page, served: true }) };
  if (pathname === '/graph') return ahead(gathered, searchParams);
  return said(404, 'There is nothing here.');
}

const said = (status: number, body: string): Answer => ({ status, type: 'text/plain', body: `${body}\n` });

/** Why a question is not answered: it was sent to another name than ours, or by a page that is not ours. */
function refusal({ headers }: Question, port: number): string | undefined {
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host)) return `This is ${hosts[0]}, and no other host.`;
  if (origin !== undefined && !hosts.some((each) => origin === `http://${each}`)) return 'Not for pages of others.';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'Not for pages of others.';
  return undefined;
}

/** What can happen in a state, with all that was written since the page last asked. */
function ahead({ graphs }: Gathered, query: URLSearchParams): Answer {
  const [model, variant, state] = ['model', 'variant', 'state'].map((name) => wholeNumber(query.get(name)));
  const graph = graphs[model ?? -1]?.[variant ?? -1];
  const have = lengthsOf(query.get('have'));
  if (graph === undefined || have === undefined || state === undefined || state >= graph.size)
    return said(400, 'There is no such state.');
  if (graph.size > MOST_STATES) return said(507, `${MOST_STATES} states are enough: start holdfast serve anew.`);
  try {
    graph.expand(state);
  } catch (error) {
    // a search that was stopped has not asked the specification everything
    return said(422, sayingOf(error));
  }
  return { status: 200, type: 'application/json', body: JSON.stringify(graph.since(have, [state])) };
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** The lengths of the tables that somebody has. */
function lengthsOf(text: string | null): GraphLengths | undefined {
  try {
    const lengths = JSON.parse(text ?? '') as Record<string, unknown>;
    const isSound = Object.keys(nothing).every(
      (name) => Number.isSafeInteger(lengths[name]) && Number(lengths[name]) >= 0,
    );
    return isSound ? (lengths as unknown as GraphLengths) : undefined;
  } catch {
    return undefined;
  }
}
