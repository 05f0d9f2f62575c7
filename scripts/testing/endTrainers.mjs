/** Ends the trainers that a test has started: detached processes outlive the window, which is their point. */
import { globSync, readFileSync } from 'node:fs';

/** @param {string} folder Every run below it, at any depth, is looked at. */
export function endTrainers(folder) {
  // A study first: it would start a killed trainer anew.
  const files = ['studies/*/study.jsonl', 'studies/*/trials/*/events.jsonl', 'runs/*/events.jsonl'];
  for (const file of files.flatMap((name) => globSync(`${folder}/**/.skillet/${name}`))) {
    const pids = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\{"type":"(launch|studyLaunch)"/.test(line))
      .map((line) => JSON.parse(line).pid);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }
}
