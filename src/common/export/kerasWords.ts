/** The words of a recipe as Keras spells them in Python and in R. */

const PYTHON_CLASSES: Readonly<Record<string, string>> = {
  lstm: 'LSTM',
  gru: 'GRU',
  simpleRNN: 'SimpleRNN',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
  adamw: 'AdamW',
  l1l2: 'L1L2',
  leCunUniform: 'LecunUniform',
  leCunNormal: 'LecunNormal',
};

/** `maxPooling1d` → `MaxPooling1D`. */
export function pythonClass(word: string): string {
  const name = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return PYTHON_CLASSES[word] ?? name.replace(/([123])d$/, '$1D');
}

const R_WORDS: Readonly<Record<string, string>> = {
  simpleRNN: 'simple_rnn',
  adamw: 'adam_w',
  l1l2: 'l1_l2',
  leCunUniform: 'lecun_uniform',
  leCunNormal: 'lecun_normal',
};

/** `maxPooling1d` → `max_pooling_1d`. */
export function rWord(word: string): string {
  return R_WORDS[word] ?? snake(word).replace(/([123]d)$/, '_$1');
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  clipValue: 'clipvalue',
  clipNorm: 'clipnorm',
  globalClipNorm: 'global_clipnorm',
  beta1: 'beta_1',
  beta2: 'beta_2',
};

/** `kernelInitializer` → `kernel_initializer`; the same in both languages. */
export function argumentName(word: string): string {
  return ARGUMENTS[word] ?? snake(word);
}

export function snake(word: string): string {
  return word.replace(/[A-Z]+/g, (capital, place) => `${place === 0 ? '' : '_'}${capital.toLowerCase()}`);
}
