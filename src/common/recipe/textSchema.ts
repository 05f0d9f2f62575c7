/** `data.text`: how a column of text becomes whole-number codes, in the words of Keras's TextVectorization. */
import { z } from 'zod';
import { described } from './described.ts';

/** Code 0 stands for padding and code 1 for what is not in the vocabulary; both count as part of it. */
export const SPECIAL_CODES = 2;

export const textSchema = z.strictObject({
  column: z
    .string()
    .min(1)
    .describe('Column that holds the texts; they alone are the inputs.')
    .meta({ refersTo: 'column' }),
  by: described(z.enum(['words', 'characters']), {
    words: 'What stands between spaces.',
    characters: 'Each character.',
  })
    .default('words')
    .describe("What gets a code of its own: what stands between spaces, or each character. Keras's `split`."),
  standardize: described(z.enum(['lowerAndStripPunctuation', 'lower', 'stripPunctuation', 'none']), {
    lowerAndStripPunctuation: 'Both.',
    lower: 'Lower-case alone.',
    stripPunctuation: 'Without punctuation, in the letters as they are.',
    none: 'As it stands.',
  })
    .default('lowerAndStripPunctuation')
    .describe(
      "Lower-cases as Unicode says, and takes out ASCII's punctuation without leaving a gap: don't becomes dont.",
    ),
  vocabulary: z
    .int()
    .min(SPECIAL_CODES + 1)
    .optional()
    .describe(
      "Most codes, those of the commonest words of the training rows first; code 0 (padding) and 1 (unknown) are among them. All words when absent. Keras's `max_tokens`.",
    ),
  length: z
    .int()
    .min(1)
    .describe(
      "Codes for each text: a longer one is cut at its end, a shorter one padded with 0. Keras's `output_sequence_length`.",
    ),
});

export type TextSettings = z.output<typeof textSchema>;
