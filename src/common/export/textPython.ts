/** Texts that become codes, as Python: the same tokens, vocabulary and padding as the recipe's. */
import type { DataSettings } from '../recipe/schema.ts';
import type { TextSettings } from '../recipe/textSchema.ts';
import { SPECIAL_CODES } from '../recipe/textSchema.ts';
import { columnRoles } from './dataRoles.ts';
import type { ExportOptions } from './exportRecipe.ts';
import { pythonString, pythonStrings } from './pythonText.ts';

/** Lines that leave `table`, without rows whose text has no token. */
export function readTextsPython(data: DataSettings, text: TextSettings, { csv }: ExportOptions): string[] {
  const column = pythonString(text.column);
  const { kept, time } = columnRoles(data);
  return [
    ...tokensOf(text),
    '',
    `targets = ${pythonStrings(data.target)}`,
    '# A word such as NA is missing in a target, but is a text by itself',
    `table = pd.read_csv(${pythonString(csv ?? '')}, skipinitialspace=True, dtype={${column}: str}, keep_default_na=False, na_values={name: ["", "NA", "NaN", "nan", "?"] for name in targets})`,
    `table = table[list(dict.fromkeys([${column}] + targets${kept.length === 0 ? '' : ` + ${pythonStrings(kept)}`}))]`,
    `table[${column}] = table[${column}].str.strip()`,
    `has_text = np.array([len(tokens_of(text)) > 0 for text in table[${column}]])`,
    data.missing === 'drop'
      ? 'table = table[has_text & table[targets].notna().all(axis=1).to_numpy()].reset_index(drop=True)'
      : 'assert has_text.all() and not table[targets].isna().any(axis=None), "a field has no value"',
    ...(time === null ? [] : [`table = table.sort_values(${pythonString(time)}, kind="stable", ignore_index=True)`]),
  ];
}

function tokensOf({ by, standardize }: TextSettings): string[] {
  return [
    'def tokens_of(text):',
    ...(standardize.startsWith('lower') ? ['    text = text.lower()'] : []),
    ...(/stripPunctuation$/i.test(standardize)
      ? [`    text = re.sub(r"""[!"#$%&()*+,\\-./:;<=>?@\\[\\\\\\]^_\`{|}~']""", "", text)`]
      : []),
    by === 'characters' ? '    return list(text) if text.strip() else []' : '    return text.split()',
  ];
}

/** Lines that leave `x_train`, `x_test` and the number of codes. @param seen Variable of the rows whose words get codes. */
export function encodeTextsPython({ column, length, vocabulary }: TextSettings, seen: string): string[] {
  const most = vocabulary === undefined ? '' : `[:${vocabulary - SPECIAL_CODES}]`;
  return [
    '# Codes: 0 pads, 1 is unknown, then the commonest tokens of those rows',
    `texts = table[${pythonString(column)}].to_list()`,
    `counts = Counter(token for row in ${seen} for token in tokens_of(texts[row]))`,
    `tokens = sorted(counts, key=lambda token: (counts[token], token), reverse=True)${most}`,
    `codes = {token: code for code, token in enumerate(tokens, ${SPECIAL_CODES})}`,
    `code_count = len(codes) + ${SPECIAL_CODES}`,
    '',
    'def encode_text(text):',
    `    found = [codes.get(token, 1) for token in tokens_of(text)[:${length}]]`,
    `    return found + [0] * (${length} - len(found))`,
    '',
    'x = np.array([encode_text(text) for text in texts])',
    'x_train, x_test = x[train], x[test]',
  ];
}
