/** Writes the home folder as `~`: a report is passed on, and the name of its author need not be. */
export function tilde(file: string, home: string): string {
  const isInside = home !== '' && (file === home || file.startsWith(`${home}/`) || file.startsWith(`${home}\\`));
  return isInside ? `~${file.slice(home.length)}` : file;
}
