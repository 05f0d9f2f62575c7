/** What went wrong, field by field, with the remedy; a click shows the line in the recipe. */
import type { Problem } from '../common/errors.ts';

export function Problems({
  title,
  problems,
  send,
}: {
  title: string;
  problems: readonly Problem[];
  send(message: { readonly type: 'reveal'; readonly path: string }): void;
}) {
  return problems.length === 0 ? null : (
    <section class="problems" role="alert">
      <h2>
        <span class="codicon codicon-error" aria-hidden="true" /> {title}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.path} ${problem.code} ${problem.message}`}>
            <button
              type="button"
              class="link"
              onClick={() => send({ type: 'reveal', path: problem.path })}
              title="Show in the recipe"
            >
              {problem.path}
            </button>
            : {problem.message} {problem.remedy} <span class="muted">{problem.code}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
