/** Which class was taken for which: rows are the actual classes, columns the predicted ones. */

export function Confusion({
  classes,
  confusion,
}: {
  classes: readonly string[];
  confusion: readonly (readonly number[])[];
}) {
  const most = confusion.flat().reduce((a, b) => Math.max(a, b), 1);
  return (
    <section class="confusion table-scroll" aria-label="Confusion matrix">
      <table>
        <caption>actual (down) taken for (across)</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">actual</span>
            </th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
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
