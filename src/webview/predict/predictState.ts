/** What the panel knows of the saved network that it can ask. */
import type { Problem } from '../../common/errors.ts';
import type { ModelView, Prediction } from '../../common/model/predictMessages.ts';
import type { PredictedFile, ToPanel } from '../../common/panelMessages.ts';

export interface PredictState {
  readonly model: ModelView | null;
  /** Why the network cannot be asked. */
  readonly problem: Problem | null;
  readonly prediction: Prediction | null;
  /** What is wrong with the row that was typed last. */
  readonly rowProblem: Problem | null;
  readonly file: PredictedFile | null;
}

export function closedPredict(): PredictState {
  return { model: null, problem: null, prediction: null, rowProblem: null, file: null };
}

/** Other messages leave the state as it is. */
export function receivePrediction(state: PredictState, message: ToPanel): PredictState {
  switch (message.type) {
    case 'model':
      return { ...closedPredict(), model: message.model };
    case 'noModel':
      return { ...closedPredict(), problem: message.problem };
    case 'prediction':
      return { ...state, prediction: message.prediction, rowProblem: null };
    case 'noPrediction':
      return { ...state, prediction: null, rowProblem: message.problem };
    case 'predictedFile':
      return { ...state, file: message.state };
    default:
      return state;
  }
}
