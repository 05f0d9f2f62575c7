/** Ends the trainers that a test has started: detached processes outlive the window, which is their point. */
import { globSync, readFileSync } from 'node:fs';

/** @param {string} folder Every run below it, at any depth, is looked at. */
export function endTrainers(folder) {
  for (const file of globSync(`${folder}/**/.skillet/runs/*/events.jsonl`)) {
    const pids = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"type":"launch"'))
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
