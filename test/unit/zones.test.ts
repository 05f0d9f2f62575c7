/** Who may import whom: the table of the design, held against every import in src. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

/** Zone → what its imports may look like, relative ones as paths from src. */
const ZONES: Record<string, RegExp[]> = {
  common: [/^common\//, /^zod$/, /^yaml$/],
  trainer: [/^(common|trainer)\//, /^node:/, /^@tensorflow\//, /^(csv-parse|ml-matrix|koffi|pbf|webgpu)(\/|$)/],
  node: [/^(common|node)\//, /^node:/, /^(csv-parse|yauzl|yazl|h5wasm|ml-matrix|ssh2)(\/|$)/],
  cloud: [/^(common|node|cloud)\//, /^node:/, /^@(aws-sdk|smithy)\//],
  webview: [/^(common|webview)\//, /^preact(\/|$)/, /^uplot(\/|$)/, /^@dagrejs\/dagre$/, /^@vscode\/codicons\//],
  extension: [/^(common|node|cloud|extension)\//, /^node:/, /^vscode$/],
  cli: [/^(common|node|cloud|cli)\//, /^node:/, /^package\.json$/],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|(?<![:\w])import\(\s*['"]([^'"]+)['"]/g,
    ),
  ];
  return found.map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const target = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name).replace(/^src\//, '') : name;
    return { file, target };
  });
}

for (const [zone, allowed] of Object.entries(ZONES)) {
  test(`src/${zone} imports only what its zone may`, () => {
    const files = globSync(`src/${zone}/**/*.{ts,tsx}`, { cwd: root });
    assert.ok(files.length > 0, `no files seen in src/${zone}`);
    const imports = files.flatMap(importsOf);
    assert.ok(imports.length > 0, `no imports seen in src/${zone}`);
    assert.deepEqual(
      imports.filter(({ target }) => !allowed.some((pattern) => pattern.test(target))),
      [],
    );
  });
}

test('every folder of src is a zone of the table', () => {
  const folders = new Set(globSync('src/*/', { cwd: root }).map((folder) => path.basename(folder)));
  assert.deepEqual([...folders].sort(), Object.keys(ZONES).sort());
});

test('common uses neither the clock nor chance', () => {
  const files = globSync('src/common/**/*.ts', { cwd: root });
  const guilty = files.filter((file) =>
    /\bDate\.now\b|new Date\(\)|Math\.random|performance\.now/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  assert.deepEqual(guilty, []);
});

test("a provider's folder is imported by its own files alone, so that nothing else brings an SDK along", () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/^src\/cloud\/(aws|azure|gcp)\//.test(file),
  );
  assert.ok(files.length > 0);
  assert.deepEqual(
    files
      .flatMap(importsOf)
      .filter(({ target }) => /^(cloud\/(aws|azure|gcp)\/|@aws-sdk\/|@smithy\/|@azure|@google-cloud)/.test(target)),
    [],
  );
});
