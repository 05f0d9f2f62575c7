#!/usr/bin/env node
/** The `skillet` command of a checkout: builds the command line where it is missing or out of date, then runs it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, isBuildStale } from './build.mjs';
import { root } from './host/paths.mjs';

const cli = path.join(root, 'dist/cli.mjs');
if (!existsSync(cli) || isBuildStale()) {
  // What the command prints on its standard output belongs to its reader alone.
  await build({ report: console.error });
}
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
