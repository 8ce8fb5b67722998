import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphView } from '../src/page/graph-view.ts';
import type { GraphData, PageData } from '../src/report/html/page-data.ts';

/** `holdfast serve`, as a user starts it. */
let child: ChildProcess;
let port = 0;

beforeAll(async () => {
  const args = ['src/main.ts', 'serve', 'models/conformance/peterson.ts', '--max-states', '5', '--no-color'];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, at] = /serving http:\/\/127\.0\.0\.1:(\d+)\/ to this machine alone/.exec(said) ?? [];
      if (at !== undefined) resolve(Number(at));
    });
    child.on('exit', () => reject(new Error(`it ended, having said: ${said}`)));
  });
});
afterAll(() => {
  child.kill();
});

/** Asks by hand, since fetch() lets nobody choose the host that he names. */
function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<[status: number, body: string]> {
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...headers };
  const lines = [`${method} ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString();
      resolve([Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), answer]);
    });
  });
}

const statusOf = async (...question: Parameters<typeof ask>): Promise<number> => (await ask(...question))[0];

const page = async (): Promise<PageData> => {
  const [, body] = await ask('/');
  return JSON.parse(/id="report">([\s\S]*?)<\/script>/.exec(body)![1]!) as PageData;
};

describe('holdfast serve', () => {
  test('gives the page of the report, to whoever has opened it on this machine', async () => {
    const [status, body] = await ask('/');
    expect(status).toBe(200);
    expect(body).toMatch(/^Content-Type: text\/html; charset=utf-8\r$/m);
    expect(body).toMatch(/^X-Content-Type-Options: nosniff\r$/m);
    expect(body).toMatch(/^Cross-Origin-Resource-Policy: same-origin\r$/m);
    expect(body).toMatch(/^Content-Security-Policy: frame-ancestors 'none'\r$/m);
    const data = await page();
    expect(data.served).toBe(true);
    expect(data.models[0]!.variants[0]!.verdicts.some(({ kind }) => kind === 'unknown')).toBe(true);
    expect(await statusOf('/', { Host: `localhost:${port}` })).toBe(200);
  });

  test('goes on from any state, however far from the search', async () => {
    const data = await page();
    const variant = data.models[0]!.variants[0]!;
    const view = new GraphView(variant);
    let state = 0;
    let asked = 0;
    for (let step = 0; step < 30; step++) {
      if (view.steps(state) === undefined) {
        asked++;
        const have = encodeURIComponent(JSON.stringify(view.lengths));
        const response = await fetch(`http://127.0.0.1:${port}/graph?model=0&variant=0&state=${state}&have=${have}`);
        expect(response.status).toBe(200);
        view.append((await response.json()) as GraphData);
      }
      const [next] = view.steps(state)!;
      if (next === undefined || next.unhandled !== undefined) break;
      state = next.to;
    }
    expect(asked).toBeGreaterThan(2);
    expect(view.view(state, 0)).toMatchObject({ actor: variant.actors[0]!.actor });
  });

  test('answers to no other name: who lets his own name point here reads nothing', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.evil.example:${port}`,
      '',
    ]) {
      const [status, body] = await ask('/', { Host: host });
      expect([host, status]).toEqual([host, 403]);
      expect(body).not.toContain('peterson');
    }
    expect(await statusOf('http://evil.example/')).toBe(404);
  });

  test('answers no page of somebody else’s', async () => {
    const own = `http://127.0.0.1:${port}`;
    for (const origin of [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `${own}.evil.example`,
    ]) {
      expect([origin, await statusOf('/graph', { Origin: origin })]).toEqual([origin, 403]);
    }
    expect(await statusOf('/', { 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await statusOf('/', { 'Sec-Fetch-Site': 'same-site' })).toBe(403);
    expect(await statusOf('/', { 'Sec-Fetch-Site': 'none' })).toBe(200);
    expect(await statusOf('/', { Origin: own, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  });

  test('has nothing but the page and the graph, and changes nothing for anybody', async () => {
    for (const path of [
      '/etc/passwd',
      '/../package.json',
      '/src/main.ts',
      '/index.html',
      '//',
      '//evil.example/',
      '/%',
      '*',
    ])
      expect(await statusOf(path)).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
      expect(await statusOf('/', {}, method)).toBe(405);
    const lengths = { codes: 0, locals: 0, mails: 0, labels: 0, sends: 0, moves: 0, lights: 0, states: 0 };
    const have = (what: unknown): string => encodeURIComponent(JSON.stringify(what));
    const bad = [
      `model=0&variant=0&state=0`,
      `model=0&variant=0&state=0&have=${have({ ...lengths, codes: -1 })}`,
      `model=0&variant=0&state=0&have=${have({ ...lengths, codes: 'x' })}`,
      `model=0&variant=0&state=0&have=null`,
      `model=0&variant=0&state=99999999&have=${have(lengths)}`,
      `model=7&variant=0&state=0&have=${have(lengths)}`,
      `model=__proto__&variant=0&state=0&have=${have(lengths)}`,
      `model=0&variant=length&state=0&have=${have(lengths)}`,
      `model=0&variant=0&state=-1&have=${have(lengths)}`,
    ];
    for (const query of bad) expect([query, await statusOf(`/graph?${query}`)]).toEqual([query, 400]);
    expect(await statusOf(`/graph?model=0&variant=0&state=0&have=${have({ ...lengths, codes: 10 ** 9 })}`)).toBe(200);
  });

  test('is reached from this machine alone', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal }) => !internal),
    );
    for (const { address } of addresses) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect({ port, host: address, timeout: 2_000 }, () => resolve(false));
        socket.on('error', () => resolve(true));
        socket.on('timeout', () => resolve(true));
        socket.unref();
      });
      expect([address, refused]).toEqual([address, true]);
    }
  });
});
