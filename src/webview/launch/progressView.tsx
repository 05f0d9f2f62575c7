/** A launch at work and how it ended: what was made, what was taken away again, and what to do next. */
import { useEffect, useRef } from 'preact/hooks';
import type { LaunchEvent, MadeThing } from '../../common/cloud/launchRecord.ts';
import type { LaunchState, LaunchView } from '../../common/launchMessages.ts';
import type { Form } from './form.ts';
import { Linked } from './linked.tsx';

const WORDS: Readonly<Record<LaunchState, string>> = {
  idle: '',
  atWork: 'Launching',
  cancelling: 'Cancelling, and removing what was made',
  looking: 'Looking for machines of the launch',
  done: 'Launched',
  failed: 'Not launched',
  cancelled: 'Cancelled',
  unknown: 'Not known how it ended',
};

const ICONS: Readonly<Record<LaunchState, string>> = {
  idle: 'blank',
  atWork: 'loading',
  cancelling: 'loading',
  looking: 'loading',
  done: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
  unknown: 'question',
};

export function ProgressView({ form, view }: { readonly form: Form; readonly view: LaunchView }) {
  const { state, title, note, problem, events, result } = view;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [state]);
  return (
    <section class={`progress ${state}`} aria-labelledby="progress-title">
      <h2 id="progress-title" ref={heading} tabIndex={-1}>
        <span class={`codicon codicon-${ICONS[state]}`} aria-hidden="true" /> {WORDS[state]}: {title}
      </h2>
      <div aria-live="polite">
        {problem === null ? null : (
          <p class="fault">
            <Linked text={`${problem.message} ${problem.remedy}`} />
          </p>
        )}
        <p>{note}</p>
        {result === null ? null : (
          <p>
            {result.instances.map(({ id }) => id).join(', ')} in {result.region},{' '}
            {result.purchase === 'spot' ? 'spot' : 'on demand'}.
            {result.keyFile === null ? '' : ` The private key is in ${result.keyFile}.`}
          </p>
        )}
        <ol class="events">
          {events.map((event, index) => (
            <li key={index} class={event.type}>
              <span
                class={`codicon codicon-${eventIcon(event, index === events.length - 1 && isAtWork(state))}`}
                aria-hidden="true"
              />{' '}
              {eventText(event)}
            </li>
          ))}
        </ol>
      </div>
      <Next form={form} view={view} />
    </section>
  );
}

function isAtWork(state: LaunchState): boolean {
  return state === 'atWork' || state === 'cancelling';
}

const KINDS: Readonly<Record<MadeThing['kind'], string>> = {
  instance: 'machine',
  volume: 'disk',
  securityGroup: 'security group',
  keyPair: 'key pair',
  keyFile: 'key file',
  spotRequest: 'spot request',
};

function eventText(event: LaunchEvent): string {
  switch (event.type) {
    case 'step':
    case 'fallback':
      return event.message;
    case 'made':
      return `Made: ${thing(event.what)}`;
    case 'removed':
      return `Removed again: ${thing(event.what)}`;
    case 'left':
      return `Still there: ${thing(event.what)}. ${event.message}`;
  }
}

function thing({ kind, id, region }: MadeThing): string {
  return `${KINDS[kind]} ${id} in ${region}`;
}

function eventIcon({ type }: LaunchEvent, isLast: boolean): string {
  if (type === 'step' && isLast) {
    return 'loading';
  }
  return { step: 'check', made: 'add', fallback: 'arrow-right', removed: 'remove', left: 'warning' }[type];
}

function Next({ form, view }: { readonly form: Form; readonly view: LaunchView }) {
  const { send } = form;
  const button = (text: string, onClick: () => void, kind = 'secondary') => (
    <button type="button" class={kind} onClick={onClick}>
      {text}
    </button>
  );
  const back = (text: string) => button(text, () => send({ type: 'forget' }));
  switch (view.state) {
    case 'idle':
      return null;
    case 'atWork':
      return <div class="bar">{button('Cancel', () => send({ type: 'cancel' }))}</div>;
    case 'cancelling':
    case 'looking':
      return <div class="bar" />;
    case 'done':
      return (
        <div class="bar">
          {view.result?.instances
            .slice(0, 1)
            .map((instance) => button('Connect', () => send({ type: 'connect', instance }), 'primary'))}
          {button('Show in Instances', () => send({ type: 'showInstances' }))}
          {button('Save Profile…', form.save)}
          <span class="spring" />
          {back('Launch Another')}
        </div>
      );
    case 'failed':
    case 'cancelled':
      return (
        <div class="bar">
          {view.canTryAgain ? button('Try Again', () => send({ type: 'tryAgain' }), 'primary') : null}
          {back('Back to the Form')}
        </div>
      );
    case 'unknown':
      return (
        <>
          <p class="muted">
            {view.canTryAgain
              ? 'Trying again asks for the same launch, and never for a second machine.'
              : 'Until its end is known, no other machine is launched from here.'}
          </p>
          <div class="bar">
            {view.canTryAgain ? button('Try Again', () => send({ type: 'tryAgain' }), 'primary') : null}
            {button(
              'Look What Became of It',
              () => send({ type: 'lookUp' }),
              view.canTryAgain ? 'secondary' : 'primary',
            )}
            {view.hasLooked ? back('Leave It and Start Anew') : null}
          </div>
        </>
      );
  }
}
