/** Names for the layers of a recipe that both Python and R take as variables. */
import { INPUT, type NamedLayer } from '../recipe/nameLayers.ts';
import { snake } from './kerasWords.ts';

/** Words of either language, and names that the programs use themselves. */
const TAKEN = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is lambda
  nonlocal not or pass raise return try while with yield None True False function repeat next TRUE FALSE NULL NA Inf NaN T F
  keras np pd layers layer table features targets categorical rows order train test seen x y c c_ encode fit scale words
  model inputs history re tokens tokens_of codes code_count texts_of counts encode_text base change whole steps starts validation warm state_rows cut predicted actual offset factor windows held once kept`.split(
    /\s+/,
  ),
);

/** Layer name → variable, the input among them. */
export function layerVariables(layers: readonly NamedLayer[]): ReadonlyMap<string, string> {
  const used = new Set<string>();
  const entries = layers.map(({ name }): [string, string] => {
    const plain = snake(name).replace(/[^a-z0-9_]/g, '_');
    let variable = TAKEN.has(plain) ? `${plain}_layer` : plain;
    while (used.has(variable)) {
      variable = `${variable}_`;
    }
    used.add(variable);
    return [name, variable];
  });
  return new Map([[INPUT, 'inputs'], ...entries]);
}
