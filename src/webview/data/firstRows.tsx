/** The first rows of the file, as they are written. */
import type { DataProfile } from '../../common/data/profile.ts';

const ROWS = 8;
const COLUMNS = 40;

export function FirstRows({ profile }: { profile: DataProfile }) {
  const shown = profile.columns.slice(0, COLUMNS);
  const more = profile.columns.length - shown.length;
  return (
    <div class="part">
      <h2>First Rows{more > 0 ? <span class="muted"> of the first {COLUMNS} columns</span> : null}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard. */}
      <section class="scroll" tabIndex={0} aria-label="Table of the first rows">
        <table class="rows">
          <thead>
            <tr>
              {shown.map(({ name }, index) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {profile.head.slice(0, ROWS).map((row, index) => (
              <tr key={index}>
                {row.slice(0, COLUMNS).map((field, at) => (
                  <td key={at} class={Number.isFinite(Number(field)) ? 'right' : ''}>
                    {field}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
