/** Asks a Python package index where a file is and what its hash is: the JSON of PEP 691, else the HTML of PEP 503. */
import { SkilletError } from '../../common/errors.ts';

export interface IndexFile {
  readonly name: string;
  readonly url: string;
  /** Null where the index publishes none. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}

export interface IndexRequest {
  /** The index's address, for example of a mirror; it may hold a user name and password. */
  readonly index: string;
  readonly project: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

const DEFAULT_INDEX = 'https://pypi.org/simple/';

const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/** What was said on the command line or in the settings goes first, then our own variable, then pip's. */
export function chooseIndex(named: string, env: Readonly<Record<string, string | undefined>>): string {
  const index = named || env.SKILLET_PACKAGE_INDEX || env.PIP_INDEX_URL || DEFAULT_INDEX;
  if (!URL.canParse(index) || !/^https?:/.test(index)) {
    throw new SkilletError('runtime-index', index, {
      message: 'is no address of a package index.',
      remedy: `Write one that begins with https://, for example ${DEFAULT_INDEX}`,
    });
  }
  return index;
}

/**
 * All files of a project, in the index's order.
 *
 * @throws {SkilletError} `runtime-index`: it refuses, does not know the project, or answers something else.
 * @throws {Error} It cannot be reached now; asking again may help.
 */
export async function listFiles({ index, project, fetch, signal }: IndexRequest): Promise<IndexFile[]> {
  const { url, headers } = splitCredentials(new URL(`${project}/`, index.endsWith('/') ? index : `${index}/`));
  const response = await fetch(url, { headers: { ...headers, accept: ACCEPT }, signal });
  if (response.status >= 500) {
    throw new Error(`${url} answered ${response.status}`);
  }
  if (!response.ok) {
    throw new SkilletError('runtime-index', url, {
      message: `answered ${response.status}${response.status === 404 ? `: it has no ${project}` : ''}.`,
      remedy: 'Check the address of the package index (skillet.packageIndex, SKILLET_PACKAGE_INDEX or PIP_INDEX_URL).',
    });
  }
  const text = await response.text();
  const base = response.url || url; // After redirections: relative addresses count from there.
  try {
    return /json/.test(response.headers.get('content-type') ?? '') ? parseJson(text, base) : parseHtml(text, base);
  } catch {
    throw new SkilletError('runtime-index', url, {
      message: 'answered with something that is no package index.',
      remedy: 'Check its address; it usually ends in /simple.',
    });
  }
}

/** `fetch` refuses addresses with a password in them; it goes into a header, and out of every message. */
function splitCredentials(address: URL | string): { url: string; headers: Record<string, string> } {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '') {
    return { url: url.href, headers: {} };
  }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** What to send when a file is fetched: the index's own credentials, but to its own host alone. */
export function fileRequest(index: string, fileUrl: string): { url: string; headers: Record<string, string> } {
  const own = splitCredentials(fileUrl);
  return new URL(index).origin === new URL(fileUrl).origin
    ? { url: own.url, headers: { ...splitCredentials(index).headers, ...own.headers } }
    : own;
}

function parseJson(text: string, base: string): IndexFile[] {
  const page: { files: { filename: string; url: string; hashes?: { sha256?: string }; size?: number }[] } =
    JSON.parse(text);
  return page.files.map(({ filename, url, hashes, size }) => ({
    name: filename,
    url: new URL(url, base).href,
    sha256: hashes?.sha256?.toLowerCase() ?? null,
    bytes: size ?? null,
  }));
}

function parseHtml(text: string, base: string): IndexFile[] {
  const links = [...text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)];
  if (links.length === 0 && !/<html|<!doctype/i.test(text)) {
    throw new Error('no HTML');
  }
  return links.map((link) => {
    const url = new URL((link[1] ?? link[2] ?? '').replaceAll('&amp;', '&'), base);
    const sha256 = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase() ?? null;
    url.hash = '';
    return { name: decodeURIComponent(url.pathname.split('/').at(-1) ?? ''), url: url.href, sha256, bytes: null };
  });
}
