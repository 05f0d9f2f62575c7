/** Ends the trainers that a test has started: detached processes outlive the window, which is their point. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/**
 * Written-down process numbers may be made up, or belong to another by now: only those are ended that run here and whose
 * command line names the folder.
 *
 * @param {string} folder Every run and study below it, at any depth, is looked at.
 */
export function endTrainers(folder) {
  // A study first: it would start a killed trainer anew.
  const files = ['studies/*/study.jsonl', 'studies/*/trials/*/events.jsonl', 'runs/*/events.jsonl'];
  for (const file of files.flatMap((name) => globSync(`${folder}/**/.skillet/${name}`))) {
    const launches = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\{"type":"(launch|studyLaunch)".*\}$/.test(line))
      .map((line) => JSON.parse(line));
    for (const { pid, host } of launches) {
      if (host === hostname() && namesFolder(pid, path.basename(path.dirname(file)))) {
        end(pid);
      }
    }
  }
}

/** @param {number} pid */
function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** @param {number} pid @param {string} name */
function namesFolder(pid, name) {
  if (process.platform === 'win32') {
    return true; // Nothing tells it there without a library.
  }
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(name);
  } catch {
    return false; // It has ended.
  }
}
