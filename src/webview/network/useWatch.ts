/** Whether the layers are watched, by what, and at which of the looks: the state behind the button, the slider and the boxes. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FromPanel } from '../../common/panelMessages.ts';
import type { Measure } from '../../common/run/layerFigures.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import { type LayerMark, legendOf, marksOf, scaleOf } from './watch.ts';
import type { WatchControlsProps } from './watchControls.tsx';

/** The run whose layers can be watched. */
export interface Watchable {
  readonly run: RunState;
  /** It trains or is paused, so that it can be told to look. */
  readonly isLive: boolean;
  /** Grows with each command that turns watching on or off. */
  readonly toggles: number;
}

export interface Watching {
  readonly isOn: boolean;
  readonly controls: WatchControlsProps;
  /** By layer; empty where there is nothing to show. */
  readonly marks: ReadonlyMap<string, LayerMark>;
  toggle(): void;
}

const NOTHING = new Map<string, LayerMark>();

export function useWatch({ run, isLive, toggles }: Watchable, send: (message: FromPanel) => void): Watching {
  const { layerSamples: samples, start } = run;
  // Null: nobody has pressed the button here; then the trainer's word counts.
  const [choice, setChoice] = useState<boolean | null>(null);
  const [measure, setMeasure] = useState<Measure>('gradient');
  const [chosen, setChosen] = useState<{ readonly run: RunState; readonly place: number } | null>(null);
  const isOn = choice ?? (isLive && run.isObserved);
  const last = Math.max(0, samples.length - 1);
  // Another run, or one that was resumed before this look, has it no more.
  const isLatest = chosen === null || chosen.run !== run || chosen.place > last;
  const place = isLatest ? last : chosen.place;
  const toggle = () => {
    setChoice(!isOn);
    if (isLive) {
      send({ type: 'control', command: isOn ? 'unobserve' : 'observe' });
    }
  };
  useAskAgain({ run, isLive, isWanted: choice === true }, send);
  const told = useRef(0); // A command may come before there is a network to watch.
  useEffect(() => {
    const isOdd = (toggles - told.current) % 2 === 1;
    told.current = toggles;
    if (isOdd) {
      toggle();
    }
  });
  // The samples grow in place.
  const scale = useMemo(() => scaleOf(samples, measure), [samples, samples.length, measure]);
  const sample = samples[place];
  const marks = useMemo(
    () => (isOn && sample !== undefined ? marksOf(sample, { samples, measure, scale }) : NOTHING),
    [isOn, sample, samples, samples.length, measure, scale],
  );
  return {
    isOn,
    marks,
    toggle,
    controls: {
      ...{ isShown: isOn, measure, samples, place, isLatest, onMeasure: setMeasure },
      legend: legendOf(measure, scale),
      message: messageFor(run, isLive),
      schedule: start,
      onPlace: (next) => setChosen(next === null ? null : { run, place: next }),
    },
  };
}

/** A run that begins, or goes on, while its layers are watched is asked as the one before was. */
function useAskAgain(
  { run, isLive, isWanted }: { run: RunState; isLive: boolean; isWanted: boolean },
  send: (message: FromPanel) => void,
): void {
  const asked = useRef({ run, isLive });
  useEffect(() => {
    const isNew = asked.current.run !== run || asked.current.isLive !== isLive;
    asked.current = { run, isLive };
    if (isNew && isLive && isWanted && !run.isObserved) {
      send({ type: 'control', command: 'observe' });
    }
  });
}

function messageFor({ start }: RunState, isLive: boolean): string {
  if (isLive) {
    return 'The first look at the layers comes in a moment.';
  }
  return start === null
    ? 'Train: gradients, activations, dead units and times of the layers are shown here.'
    : 'This run kept no looks at its layers. Train again to have some.';
}
