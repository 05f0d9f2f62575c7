/** What a process that is gone had to say: its error, or the end of its output. */

export function lastWords(stderr: string): string {
  const error = stderr.split('\n').find((line) => /^\S*Error\b/.test(line));
  const words = (error ?? stderr.slice(-400)).trim();
  return words === '' ? '' : ` It said: ${words}`;
}
