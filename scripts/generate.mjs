/** Writes the files that are made from the sources: the recipe's JSON Schema and the page of error codes. A test compares them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { carriedScript, GUARD_MODULE, GUARD_SOURCE, guardModule, strip } from './guardModule.mjs';

const root = path.resolve(import.meta.dirname, '..');
const bundle = await build({
  entryPoints: [path.join(root, 'src/common/generated.ts')],
  bundle: true,
  format: 'esm',
  write: false,
  logLevel: 'error',
});
const code = bundle.outputFiles[0]?.text ?? '';
const { generatedFiles } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
for (const [file, text] of Object.entries(generatedFiles())) {
  writeFileSync(path.join(root, file), text);
  console.log(file);
}

const script = readFileSync(path.join(root, GUARD_SOURCE), 'utf8');
const module = path.join(root, GUARD_MODULE);
if (!existsSync(module) || carriedScript(readFileSync(module, 'utf8')) !== strip(script)) {
  writeFileSync(module, guardModule(script));
  console.log(GUARD_MODULE);
}
