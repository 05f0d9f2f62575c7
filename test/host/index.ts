/** Runs the extension-host tests with mocha inside VS Code, which calls `run` and takes a rejection as failure. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

interface TestReport {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly error?: string;
}

/** Runs every built test file, or those whose path holds TEST_FILTER; the outcome goes to the file that TEST_RESULT names. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, color: false });
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  const filter = process.env.TEST_FILTER ?? '';
  for (const file of files.filter((name) => name.endsWith('.test.cjs') && name.includes(filter)).sort()) {
    mocha.addFile(path.join(__dirname, file));
  }
  const tests = await runAll(mocha);
  const count = (state: TestReport['state']) => tests.filter((test) => test.state === state).length;
  const result = { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), tests };
  const file = process.env.TEST_RESULT;
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify(result));
  }
  if (result.failed > 0) {
    throw new Error(`${result.failed} extension-host tests failed`);
  }
}

function runAll(mocha: Mocha): Promise<TestReport[]> {
  return new Promise((resolve) => {
    const tests: TestReport[] = [];
    const add = (test: Mocha.Runnable, state: TestReport['state'], error?: Error) => {
      const report = { title: test.fullTitle(), state, durationMs: test.duration ?? 0 };
      tests.push(error === undefined ? report : { ...report, error: error.stack ?? String(error) });
    };
    const runner = mocha.run(() => resolve(tests));
    runner.on('pass', (test) => add(test, 'passed'));
    runner.on('pending', (test) => add(test, 'skipped'));
    runner.on('fail', (test, error) => add(test, 'failed', error));
  });
}
