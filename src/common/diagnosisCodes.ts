/** The catalogue of what can be said about how a run went; docs/diagnoses.md is generated from it. */

interface DiagnosisNote {
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** When it is said: the numbers that it goes by. */
  readonly looksAt: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Stable code → what it says. A recipe's comment `# skillet: ignore <code>` switches one off. */
export const DIAGNOSIS_CODES = {
  'not-finite': {
    meaning:
      'A number became NaN or infinite, and the run ended there; or the validation loss did while the run went on.',
    looksAt:
      'The loss after every step; the trainer then goes through the layers, forward and back, and names the first whose weights, outputs or gradient are not finite.',
    remedy:
      'A smaller learning rate, in most cases by ten. If that does not help: scale inputs and target, or cut the gradients with globalClipNorm.',
  },
  'exploding-gradients': {
    meaning:
      'Gradients grow from layer to layer on their way back, or from look to look, and the loss does not survive it.',
    looksAt:
      'Each layer’s gradient norm beside its weight norm: said where the gradient is larger than the weights or grew a hundredfold, in a recurrent network or with a hundredfold difference between first and last layer, while the loss rises or jumps.',
    remedy: 'globalClipNorm: 1 in the optimizer (Pascanu et al. 2013), then a smaller learning rate.',
  },
  divergence: {
    meaning: 'The training loss grows.',
    looksAt:
      'The loss of the epochs since its best: a rising trend (Mann–Kendall test) to at least twice the best, or a slow rise in nearly every epoch of a quarter of the run; and no sign of coming back.',
    remedy: 'A smaller learning rate, in most cases by ten.',
  },
  'rate-too-high': {
    meaning: 'The steps are too long: the loss jumps about, or was thrown far off at the start and never recovered.',
    looksAt:
      'Changes of the loss from epoch to epoch: a quarter of them above 25 %, nearly as many up as down, without a falling trend and well above the best. Or a first epoch with thirty times the loss of the second, after which nothing is learnt.',
    remedy: 'A third or a tenth of the learning rate, or a schedule that lets it decay.',
  },
  'dead-units': {
    meaning: 'Units of a layer give 0 for every row, so no gradient reaches their weights and they stay so.',
    looksAt:
      'The share of a layer’s outputs that were 0 for the whole batch, at the last looks at the layers: half or more while the network has not learnt much (a warning), or three quarters.',
    remedy:
      'An activation that never goes flat (elu, selu), or a smaller learning rate, which is what mostly kills units.',
  },
  'vanishing-gradients': {
    meaning: 'Hardly any gradient reaches the first layers, so only the last ones learn.',
    looksAt:
      'Gradient norm beside weight norm, of the first layer with weights against the last: less than a thousandth, while the network has not learnt much.',
    remedy:
      'relu or elu in place of sigmoid and tanh, glorot or he initial weights, batchNormalization between the layers, fewer layers (Glorot & Bengio 2010).',
  },
  plateau: {
    meaning:
      'The training loss stands still: at what saying the same for every row would give (a warning), or with epochs to spare.',
    looksAt:
      'No falling trend (Mann–Kendall test) over at least ten epochs and half the run. Whether it is stuck is told by the loss of guessing among the classes, or by the result beside that of the training mean or the commonest class.',
    remedy:
      'Stuck: scale the inputs, try another learning rate or activation. Otherwise fewer epochs, or a learning rate that decays.',
  },
  'rate-too-low': {
    meaning:
      'The steps are too short: the loss falls steadily, nearly in a straight line, and has hardly come anywhere.',
    looksAt:
      'The fall of the loss: in nearly every epoch, in the second half of the run nearly as much as in the first, and less than a third in all.',
    remedy: 'A learning rate that is ten times as high, or more (Smith 2017).',
  },
  overfitting: {
    meaning:
      'The validation loss rises, or has long stopped falling, while the training loss goes on falling: rows are learnt by heart.',
    looksAt:
      'The epochs since the best validation loss: a rising trend (Mann–Kendall test) to a generalization loss (Prechelt 1998) of 5 % and of three times its noise. Or no falling trend over half the run, while the training loss halves and is a third of the validation loss.',
    remedy:
      'earlyStopping with restoreBestWeights, or as many epochs as the best; then a smaller network, dropout, kernelRegularizer, or more rows.',
  },
  unfinished: {
    meaning: 'The loss was still falling when the last epoch ended.',
    looksAt:
      'The last quarter of the run: a falling trend (Mann–Kendall test) that brought a twentieth of the whole fall or more; for values, also a quarter of what was left (without validation: half).',
    remedy: 'More epochs, or a higher learning rate.',
  },
  'validation-noise': {
    meaning: 'The validation loss goes up and down because few rows stand behind it: small differences say nothing.',
    looksAt:
      'Fewer than 100 validation rows, and a noise from epoch to epoch of a quarter of the loss, twice the training loss’s.',
    remedy: 'A larger validationSplit, and a mean over several epochs or seeds before anything is concluded.',
  },
  'class-never-predicted': {
    meaning: 'The network never says one of the classes.',
    looksAt: 'The confusion matrix: classes with at least three test rows and no prediction.',
    remedy: 'More rows of the class, inputs that tell it from the others, or longer training.',
  },
  'no-better-than-baseline': {
    meaning: 'The network does no better than a predictor that has learnt next to nothing.',
    looksAt:
      'The result beside the baselines: not better than the mean, the last value or the commonest class; or worse than linear regression by more than so few rows could bring by chance.',
    remedy:
      'Look at inputs and scaling first; then train longer or change the network. It may also be that the inputs tell no more.',
  },
} as const satisfies Record<string, DiagnosisNote>;

export type DiagnosisCode = keyof typeof DIAGNOSIS_CODES;
