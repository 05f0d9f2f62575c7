/** What to predict, by which task, and the recipe's name. */
import type { DataProfile } from '../../common/data/profile.ts';
import {
  type RecipeChoices,
  suggestTarget,
  suggestTask,
  type Task,
  targetsOf,
  tasksOf,
} from '../../common/recipe/suggestChoices.ts';
import { withTarget, withTask } from './dataModel.ts';

const TASK_WORDS: Readonly<Record<Task, string>> = {
  regression: 'Regression: a number from the other columns',
  classification: 'Classification: one of several classes',
  forecast: 'Forecast: the next value from the past',
};

interface FormProps {
  readonly profile: DataProfile;
  readonly choices: RecipeChoices;
  change(choices: RecipeChoices): void;
}

export function ChoicesForm({ profile, choices, change }: FormProps) {
  const target = suggestTarget(profile);
  const task = suggestTask(profile, choices.target);
  return (
    <div class="form">
      <label for="target">Predict</label>
      <select
        id="target"
        value={choices.target}
        onChange={({ currentTarget }) => change(withTarget(profile, choices, currentTarget.value))}
      >
        {targetsOf(profile).map(({ name }) => (
          <option key={name} value={name} selected={name === choices.target}>
            {name}
          </option>
        ))}
      </select>
      <span class="muted">{target.value === choices.target ? `Suggested: ${target.reason}.` : ''}</span>
      <label for="task">Task</label>
      <select
        id="task"
        value={choices.task}
        onChange={({ currentTarget }) => change(withTask(choices, currentTarget.value as Task))}
      >
        {tasksOf(profile, choices.target).map((one) => (
          <option key={one} value={one} selected={one === choices.task}>
            {TASK_WORDS[one]}
          </option>
        ))}
      </select>
      <span class="muted">{task.value === choices.task ? `Suggested: ${task.reason}.` : ''}</span>
      <label for="name">Name</label>
      <input
        id="name"
        type="text"
        value={choices.name}
        spellcheck={false}
        onInput={({ currentTarget }) => change({ ...choices, name: currentTarget.value })}
      />
      <span />
    </div>
  );
}
