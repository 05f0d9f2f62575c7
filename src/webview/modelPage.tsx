/** The page of a model without a run: what it is, its network, and asking it. */
import type { FromPanel } from '../common/panelMessages.ts';
import { NetworkView } from './network/networkView.tsx';
import type { PredictState } from './predict/predictState.ts';
import { PredictBody } from './predict/predictView.tsx';

export function ModelPage({ predict, send }: { predict: PredictState; send(message: FromPanel): void }) {
  const { model, problem } = predict;
  if (model === null) {
    return problem === null ? (
      <p class="muted loading">Reading…</p>
    ) : (
      <main>
        <section class="problems" role="alert">
          <h2>
            <span class="codicon codicon-error" aria-hidden="true" /> The model cannot be read
          </h2>
          <p>
            {problem.path}: {problem.message} {problem.remedy}
          </p>
        </section>
      </main>
    );
  }
  return (
    <main>
      <header class="head-line">
        <h1>{model.name}</h1>
      </header>
      <div class="model-facts">
        <p>
          {model.origin} Predicts {model.targets.join(', ')}
          {model.unit === null ? '' : ` in ${model.unit}`}.
        </p>
        {model.form === null ? null : <p class="muted">{model.needs}</p>}
        <p class="muted">{model.folder}</p>
      </div>
      <div class="body of-model">
        <section class="predict" aria-label="Predict">
          <header class="section-head">
            <h2>Predict</h2>
          </header>
          <PredictBody state={predict} send={send} />
        </section>
        {model.graph === null ? null : (
          <NetworkView graph={model.graph} name={model.name} selected={null} send={send} />
        )}
      </div>
    </main>
  );
}
