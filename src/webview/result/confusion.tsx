/** Which class was taken for which: rows are the actual classes, columns the predicted ones. */

const MANY = 5;
const SHORT = 3;

export function Confusion({
  classes,
  confusion,
}: {
  classes: readonly string[];
  confusion: readonly (readonly number[])[];
}) {
  const most = confusion.flat().reduce((a, b) => Math.max(a, b), 1);
  // Names of many classes stand upright, so that the columns are as narrow as their counts.
  const isUpright = classes.length > MANY && classes.some((name) => name.length > SHORT);
  return (
    <section class={`confusion table-scroll ${isUpright ? 'upright' : ''}`} aria-label="Confusion matrix">
      <table>
        <caption>actual (down) taken for (across)</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">actual</span>
            </th>
            {classes.map((name) => (
              <th key={name} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {classes.map((predicted, column) => {
                const count = confusion[row]?.[column] ?? 0;
                const kind = count === 0 ? 'none' : row === column ? 'right' : 'wrong';
                return (
                  <td key={predicted} class={`${kind} heat${Math.ceil((4 * count) / most)}`}>
                    {count}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
