/** All that has a good answer already: each section says it in its heading, and opens to change it. */
import type { ComponentChildren } from 'preact';
import { isFault } from '../../common/cloud/profileProblem.ts';
import { Check, Field, fieldOf, Problems, Radios, SelectField, TextField } from './fields.tsx';
import type { Form } from './form.ts';
import { GroupFields, groupWords } from './groupFields.tsx';
import { guardWords, networkWords, startWords, subnetsOf } from './sectionWords.ts';
import { StorageFields, storageWords } from './storageFields.tsx';

export function Advanced({ form }: { readonly form: Form }) {
  const { draft } = form;
  const tags = draft.tags.filter(({ name }) => name !== '').length;
  const others = draft.fallbackRegions.length === 0 ? '' : `, then ${draft.fallbackRegions.join(', ')}`;
  return (
    <section aria-label="Everything else" class="advanced">
      <h2>Everything else</h2>
      <Section form={form} title="Guard" words={guardWords(draft)} paths={['guard']}>
        <GuardFields form={form} />
      </Section>
      <Section
        form={form}
        title="Name and count"
        words={`${draft.count} × ${draft.name === '' ? 'without a name' : draft.name}`}
        paths={['name', 'count']}
      >
        <NameFields form={form} />
      </Section>
      <Section form={form} title="Security group" words={groupWords(draft)} paths={['securityGroup']}>
        <GroupFields form={form} />
      </Section>
      <Section form={form} title="Storage" words={storageWords(draft)} paths={['volumes']}>
        <StorageFields form={form} />
      </Section>
      <Section form={form} title="Network" words={networkWords(form)} paths={['network', 'zone']}>
        <NetworkFields form={form} />
      </Section>
      <Section
        form={form}
        title="When there is no capacity"
        words={`${draft.fallbackZones ? 'other zones' : 'no other zone'}${others}`}
        paths={['fallback']}
      >
        <FallbackFields form={form} />
      </Section>
      <Section form={form} title="Tags" words={tags === 0 ? 'none but Skillet’s own' : `${tags}`} paths={['tags']}>
        <TagFields form={form} />
      </Section>
      <Section
        form={form}
        title="First start, role and shutdown"
        words={startWords(draft)}
        paths={['userData', 'userDataFile', 'role', 'shutdown']}
      >
        <StartFields form={form} />
      </Section>
    </section>
  );
}

interface SectionProps {
  readonly form: Form;
  readonly title: string;
  /** What holds now. */
  readonly words: string;
  /** Where the paths of its fields begin. */
  readonly paths: readonly string[];
  readonly children: ComponentChildren;
}

function Section({ form, title, words, paths, children }: SectionProps) {
  const told = form.model.problems.filter(({ path }) =>
    paths.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`)),
  );
  const faults = told.filter(isFault).length;
  const warnings = told.length - faults;
  return (
    <details class="section">
      <summary>
        <span class="section-title">{title}</span> <span class="muted section-words">{words}</span>
        {faults > 0 ? <Count icon="error" text={`${faults} to mend`} /> : null}
        {warnings > 0 ? <Count icon="warning" text={`${warnings} to know`} /> : null}
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
}

function Count({ icon, text }: { readonly icon: string; readonly text: string }) {
  return (
    <span class="count">
      <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {text}
    </span>
  );
}

function GuardFields({ form }: { readonly form: Form }) {
  const { draft } = form;
  return (
    <div class="fields">
      <Check
        form={form}
        path="guard"
        label="The machine ends itself after a time, whatever it does"
        isChecked={draft.hasDeadline}
        onChange={(hasDeadline) => form.change({ hasDeadline })}
      />
      {draft.hasDeadline ? (
        <TextField
          form={form}
          path="guard.deadlineHours"
          label="After"
          unit="hours"
          isShort
          value={draft.deadlineHours}
          onInput={(deadlineHours) => form.change({ deadlineHours })}
        />
      ) : null}
      <Check
        form={form}
        path="guard.idle"
        label="It ends itself when card and processor have no work and nobody is signed in"
        isChecked={draft.hasIdle}
        onChange={(hasIdle) => form.change({ hasIdle })}
      />
      {draft.hasIdle ? (
        <TextField
          form={form}
          path="guard.idleMinutes"
          label="For"
          unit="minutes"
          isShort
          value={draft.idleMinutes}
          onInput={(idleMinutes) => form.change({ idleMinutes })}
        />
      ) : null}
      <Field form={form} path="guard.action" label="Ending means" hint="It works with this computer off.">
        <Radios
          name="guard-action"
          label="Ending means"
          value={draft.guardAction}
          options={[
            { value: 'stop', text: 'Stop', note: 'disks stay and cost' },
            { value: 'terminate', text: 'Terminate', note: 'it is gone' },
          ]}
          // The guard ends the machine by a shutdown from inside, so both say the same.
          onChange={(guardAction) => form.change({ guardAction, shutdown: guardAction })}
        />
      </Field>
    </div>
  );
}

function NameFields({ form }: { readonly form: Form }) {
  const { draft } = form;
  return (
    <div class="fields">
      <TextField form={form} path="name" label="Name" value={draft.name} onInput={(name) => form.change({ name })} />
      <TextField
        form={form}
        path="count"
        label="How many"
        isShort
        value={draft.count}
        hint="All from one image, each at its own cost."
        onInput={(count) => form.change({ count })}
      />
    </div>
  );
}

function NetworkFields({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  const networks = model.choices?.networks ?? [];
  return (
    <div class="fields">
      <SelectField
        form={form}
        path="network.vpc"
        label="Network"
        value={draft.vpc}
        options={[
          { value: '', text: 'The default one' },
          ...networks.map(({ vpc, name, cidr }) => ({ value: vpc, text: [name ?? '', vpc, cidr].join(' ').trim() })),
        ]}
        onChange={(vpc) => form.change({ vpc, subnet: '' })}
      />
      <SelectField
        form={form}
        path="network.subnet"
        label="Subnet"
        value={draft.subnet}
        options={[{ value: '', text: "The zone's default" }, ...subnetsOf(form)]}
        onChange={(subnet) => form.change({ subnet })}
      />
      <TextField
        form={form}
        path="zone"
        label="Zone"
        isShort
        value={draft.zone}
        placeholder="any"
        onInput={(zone) => form.change({ zone })}
      />
      <SelectField
        form={form}
        path="network.publicAddress"
        label="Public address"
        value={draft.publicAddress}
        options={[
          { value: 'subnet', text: 'As the subnet has it' },
          { value: 'yes', text: 'Yes' },
          { value: 'no', text: 'No' },
        ]}
        onChange={(value) => form.change({ publicAddress: value as typeof draft.publicAddress })}
      />
      {(model.choices?.faults ?? []).map((fault) => (
        <p key={fault} class="hint">
          <span class="codicon codicon-warning" aria-hidden="true" /> {fault}
        </p>
      ))}
    </div>
  );
}

function FallbackFields({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  return (
    <div class="fields">
      <Check
        form={form}
        path="fallback.zones"
        label="Try the other zones of the region"
        isChecked={draft.fallbackZones}
        onChange={(fallbackZones) => form.change({ fallbackZones })}
      />
      <SelectField
        form={form}
        path="fallback.regions"
        label="Then the region"
        value=""
        options={[
          { value: '', text: 'Add one…' },
          ...(model.start?.regions ?? [])
            .filter(({ name }) => name !== draft.region && !draft.fallbackRegions.includes(name))
            .map(({ name, title }) => ({ value: name, text: `${name} ${title}` })),
        ]}
        onChange={(region) => form.change({ fallbackRegions: [...draft.fallbackRegions, region] })}
      />
      <ol class="picked">
        {draft.fallbackRegions.map((region, index) => (
          <li key={region}>
            {region}{' '}
            <button
              type="button"
              class="link"
              aria-label={`Remove ${region}`}
              onClick={() => form.change({ fallbackRegions: draft.fallbackRegions.filter((one) => one !== region) })}
            >
              Remove
            </button>
            <Problems form={form} path={`fallback.regions[${index}]`} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function TagFields({ form }: { readonly form: Form }) {
  const { tags } = form.draft;
  const set = (index: number, part: Partial<(typeof tags)[number]>) =>
    form.change({ tags: tags.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <div class="rows">
      {tags.map(({ name, value }, index) => (
        <div key={index} class="row">
          <input
            {...fieldOf(form, `tags.${name}`)}
            type="text"
            aria-label={`Name of tag ${index + 1}`}
            placeholder="name"
            value={name}
            onInput={({ currentTarget }) => set(index, { name: currentTarget.value })}
          />
          <input
            type="text"
            aria-label={`Value of tag ${index + 1}`}
            placeholder="value"
            value={value}
            onInput={({ currentTarget }) => set(index, { value: currentTarget.value })}
          />
          <button
            type="button"
            class="link"
            aria-label={`Remove tag ${index + 1}`}
            onClick={() => form.change({ tags: tags.filter((_, at) => at !== index) })}
          >
            Remove
          </button>
          <Problems form={form} path={`tags.${name}`} />
        </div>
      ))}
      <Problems form={form} path="tags" />
      <button type="button" class="secondary" onClick={() => form.change({ tags: [...tags, { name: '', value: '' }] })}>
        Add Tag
      </button>
    </div>
  );
}

function StartFields({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  return (
    <div class="fields">
      <Field
        form={form}
        path="userData"
        label="Script"
        hint="A shell script that the machine runs once, when it first starts. Put no secret in it."
      >
        <textarea
          {...fieldOf(form, 'userData')}
          rows={5}
          spellcheck={false}
          value={draft.userData}
          placeholder="#!/bin/bash"
          onInput={({ currentTarget }) => form.change({ userData: currentTarget.value })}
        />
      </Field>
      <SelectField
        form={form}
        path="role"
        label="Role"
        value={draft.role}
        hint="What programs on the machine may do at AWS."
        options={[
          { value: '', text: 'None' },
          ...(model.choices?.roles ?? []).map(({ name }) => ({ value: name, text: name })),
        ]}
        onChange={(role) => form.change({ role })}
      />
      <Field form={form} path="shutdown" label="A shutdown from inside">
        <Radios
          name="shutdown"
          label="A shutdown from inside"
          value={draft.shutdown}
          options={[
            { value: 'stop', text: 'Stops the machine' },
            { value: 'terminate', text: 'Terminates it' },
          ]}
          onChange={(shutdown) => form.change({ shutdown, guardAction: shutdown })}
        />
      </Field>
    </div>
  );
}
