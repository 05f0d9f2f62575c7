/** The text of a recipe to read, its comments in the quiet colour. */

export function RecipeText({ text }: { text: string }) {
  return (
    <div class="outcome">
      <h2>Recipe</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard. */}
      <section class="text" tabIndex={0} aria-label="Text of the recipe">
        <pre>
          {text
            .trimEnd()
            .split('\n')
            .map((line, index) => {
              const at = commentAt(line);
              return (
                // Lines are told apart by their place alone.
                <span key={index} class="line">
                  {line.slice(0, at)}
                  <span class="muted">{line.slice(at)}</span>
                  {'\n'}
                </span>
              );
            })}
        </pre>
      </section>
    </div>
  );
}

/** Where the comment begins; a # in quotes is none. */
function commentAt(line: string): number {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"' && line[at - 1] !== '\\') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && line[at] === '#' && (at === 0 || line[at - 1] === ' ')) {
      return at;
    }
  }
  return line.length;
}
