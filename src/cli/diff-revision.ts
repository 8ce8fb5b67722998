import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { safe } from '../report/text.ts';
import { UsageError } from './usage-error.ts';

/** What git says; `no` where it refuses, or is not there. */
type Said = { readonly said: string } | { readonly no: string };

function git(args: readonly string[], more: { readonly cwd?: string; readonly index?: string } = {}): Said {
  const env = { ...process.env, ...(more.index !== undefined && { GIT_INDEX_FILE: more.index }) };
  try {
    const said = execFileSync('git', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(more.cwd !== undefined && { cwd: more.cwd }),
    });
    return { said: said.trim() };
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: string; readonly stderr?: string };
    const [line = ''] = stderr.trim().split('\n');
    return { no: code === 'ENOENT' ? 'there is no git to be asked' : safe(line) || 'git does not know it' };
  }
}

/** The commit that a revision is, or why it is none. */
export function commitOf(revision: string): { readonly commit: string } | { readonly no: string } {
  const inside = git(['rev-parse', '--show-toplevel']);
  if ('no' in inside) return inside;
  const known = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  return 'no' in known ? known : { commit: known.said };
}

/**
 * Writes the files of a commit to a folder. Nothing that is the user's is touched: neither his working tree nor his index nor anything
 * that git keeps of the repository. What is installed now is linked in, so that the models find their packages.
 *
 * @param folder one that is empty
 * @returns what in it is the folder that we are in
 */
export function checkOut(commit: string, folder: string): string {
  const top = asked(git(['rev-parse', '--show-toplevel']));
  const here = asked(git(['rev-parse', '--show-prefix']));
  const [tree, index] = [join(folder, 'tree'), join(folder, 'index')];
  mkdirSync(tree);
  asked(git(['read-tree', commit], { cwd: top, index }));
  asked(git(['checkout-index', '--all', '--quiet', `--prefix=${tree}/`], { cwd: top, index }));
  for (let part = join(here, '.'); ; part = dirname(part)) {
    const [installed, link] = [join(top, part, 'node_modules'), join(tree, part, 'node_modules')];
    if (existsSync(installed) && existsSync(dirname(link)) && !existsSync(link))
      symlinkSync(installed, link, 'junction');
    if (part === '.') return join(tree, here);
  }
}

function asked(answer: Said): string {
  if ('said' in answer) return answer.said;
  throw new UsageError('a revision cannot be read', {
    code: 'E-REVISION',
    where: 'git',
    why: answer.no,
    instead: 'a revision of which git has all files: git checkout of it must succeed',
  });
}
