/** Texts that become codes, as R: the same tokens, vocabulary and padding as the recipe's. */
import type { DataSettings } from '../recipe/schema.ts';
import { SPECIAL_CODES, type TextSettings } from '../recipe/textSchema.ts';
import { columnRoles } from './dataRoles.ts';
import type { ExportOptions } from './exportRecipe.ts';
import { rString, rStrings } from './rText.ts';

/** Lines that leave `table`, without rows whose text has no token. */
export function readTextsR(data: DataSettings, text: TextSettings, { csv }: ExportOptions): string[] {
  const column = rString(text.column);
  const { kept, time } = columnRoles(data);
  return [
    ...tokensOf(text),
    '',
    `targets <- ${rStrings(data.target)}`,
    '# A word such as NA is missing in a target, but is a text by itself',
    `table <- read.csv(${rString(csv ?? '')}, check.names = FALSE, strip.white = TRUE, na.strings = character(0), colClasses = "character", encoding = "UTF-8")`,
    `table <- table[unique(c(${[column, 'targets', ...kept.map(rString)].join(', ')}))]`,
    'for (name in targets) {',
    '  table[[name]] <- type.convert(table[[name]], na.strings = c("", "NA", "NaN", "nan", "?"), as.is = TRUE)',
    '}',
    `has_text <- vapply(table[[${column}]], function(text) length(tokens_of(text)) > 0, TRUE)`,
    data.missing === 'drop'
      ? 'table <- table[has_text & complete.cases(table[targets]), , drop = FALSE]'
      : 'stopifnot("a field has no value" = all(has_text), "a field has no value" = !anyNA(table[targets]))',
    ...(time === null ? [] : [`table <- table[order(table[[${rString(time)}]], method = "radix"), , drop = FALSE]`]),
  ];
}

function tokensOf({ by, standardize }: TextSettings): string[] {
  return [
    'tokens_of <- function(text) {',
    ...(standardize.startsWith('lower') ? ['  text <- tolower(text)'] : []),
    ...(/stripPunctuation$/i.test(standardize)
      ? [`  text <- gsub(${rString('[!"#$%&()*+,./:;<=>?@\\[\\\\\\]^_`{|}~\'-]')}, "", text, perl = TRUE)`]
      : []),
    ...(by === 'characters'
      ? ['  if (trimws(text) == "") character(0) else strsplit(text, "")[[1]]']
      : ['  found <- strsplit(text, "[[:space:]]+")[[1]]', '  found[found != ""]']),
    '}',
  ];
}

/** Lines that leave `x_train`, `x_test` and the number of codes. @param seen Variable of the rows whose words get codes. */
export function encodeTextsR({ column, length, vocabulary }: TextSettings, seen: string): string[] {
  const sorted = 'names(counts)[order(as.vector(counts), names(counts), decreasing = TRUE, method = "radix")]';
  return [
    '# Codes: 0 pads, 1 is unknown, then the commonest tokens of those rows',
    `texts <- table[[${rString(column)}]]`,
    `counts <- table(unlist(lapply(texts[${seen}], tokens_of)))`,
    `tokens <- ${vocabulary === undefined ? sorted : `head(${sorted}, ${vocabulary - SPECIAL_CODES}L)`}`,
    `code_count <- length(tokens) + ${SPECIAL_CODES}L`,
    'encode_text <- function(text) {',
    `  found <- match(head(tokens_of(text), ${length}L), tokens, nomatch = 0L) + 1L`,
    `  c(found, rep(0L, ${length}L - length(found)))`,
    '}',
    'x <- do.call(rbind, lapply(texts, encode_text))',
    'x_train <- x[train, , drop = FALSE]',
    'x_test <- x[test, , drop = FALSE]',
  ];
}
