/** The security group: one that is there, or a new one with its rules. */
import { type Draft, NEW_RULE, type RuleDraft } from './draft.ts';
import { Check, fieldOf, Problems, Radios, Select, TextField } from './fields.tsx';
import type { Form } from './form.ts';

/** What people open most. */
const PRESETS: readonly RuleDraft[] = [
  { port: '22', protocol: 'tcp', from: 'my-address', description: 'SSH' },
  { port: '8787', protocol: 'tcp', from: 'my-address', description: 'RStudio' },
  { port: '8888', protocol: 'tcp', from: 'my-address', description: 'Jupyter' },
];

export function groupWords({ group, groupIds, groupName, rules }: Draft): string {
  if (group === 'existing') {
    return groupIds.length === 0 ? 'none chosen' : groupIds.join(', ');
  }
  const ports = rules.map(({ port, protocol, description }) =>
    `${description === '' ? protocol : description} ${port}`.trim(),
  );
  return `new: ${groupName}, ${ports.length === 0 ? 'nothing may come in' : ports.join(', ')}`;
}

export function GroupFields({ form }: { readonly form: Form }) {
  const { draft } = form;
  return (
    <div class="rows">
      <Radios
        name="group"
        label="Security group"
        value={draft.group}
        options={[
          { value: 'create', text: 'New' },
          { value: 'existing', text: 'One that is there' },
        ]}
        onChange={(group) => form.change({ group })}
      />
      <Problems form={form} path="securityGroup" />
      {draft.group === 'create' ? <NewGroup form={form} /> : <Existing form={form} />}
    </div>
  );
}

function Existing({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  const groups = model.choices?.groups ?? [];
  return (
    <div id="securityGroup.existing" tabIndex={-1} class="fields">
      {groups.length === 0 ? <p class="hint">No group is there, or they could not be listed.</p> : null}
      {groups.map(({ id, name, rules }) => (
        <Check
          key={id}
          form={form}
          path={`securityGroup.existing.${id}`}
          label={
            <>
              {name} <span class="muted">{id}</span>{' '}
              <span class="muted">
                {rules.length === 0
                  ? 'nothing may come in'
                  : rules.map(({ port, from }) => `${port} from ${from}`).join(', ')}
              </span>
            </>
          }
          isChecked={draft.groupIds.includes(id)}
          onChange={(isChecked) =>
            form.change({
              groupIds: isChecked ? [...draft.groupIds, id] : draft.groupIds.filter((one) => one !== id),
            })
          }
        />
      ))}
      <Problems form={form} path="securityGroup.existing.ids" />
    </div>
  );
}

function NewGroup({ form }: { readonly form: Form }) {
  const { draft } = form;
  const { rules } = draft;
  const missing = PRESETS.filter(({ port }) => !rules.some((rule) => rule.port === port));
  return (
    <>
      <TextField
        form={form}
        path="securityGroup.create.name"
        label="Name"
        value={draft.groupName}
        onInput={(groupName) => form.change({ groupName })}
      />
      <p class="hint">What may come in. “my-address” is your own address at the time of the launch.</p>
      {rules.map((rule, index) => (
        <Rule key={index} form={form} rule={rule} index={index} />
      ))}
      <div class="buttons">
        {[...missing, NEW_RULE].map((rule) => (
          <button
            key={rule.description}
            type="button"
            class="secondary"
            onClick={() => form.change({ rules: [...rules, rule] })}
          >
            Add {rule.description === '' ? 'Rule' : `${rule.description} (${rule.port})`}
          </button>
        ))}
      </div>
    </>
  );
}

function Rule({ form, rule, index }: { readonly form: Form; readonly rule: RuleDraft; readonly index: number }) {
  const { rules } = form.draft;
  const path = `securityGroup.create.rules[${index}]`;
  const number = index + 1;
  const set = (part: Partial<RuleDraft>) =>
    form.change({ rules: rules.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const hasPorts = rule.protocol === 'tcp' || rule.protocol === 'udp';
  return (
    <div class="row rule">
      <input
        {...fieldOf(form, `${path}.port`)}
        class="short"
        type="text"
        aria-label={`Port of rule ${number}`}
        placeholder={hasPorts ? 'port' : 'all'}
        disabled={!hasPorts}
        value={hasPorts ? rule.port : ''}
        onInput={({ currentTarget }) => set({ port: currentTarget.value })}
      />
      <Select
        form={form}
        path={`${path}.protocol`}
        label={`Protocol of rule ${number}`}
        value={rule.protocol}
        options={['tcp', 'udp', 'icmp', 'all'].map((value) => ({ value, text: value }))}
        onChange={(value) => set({ protocol: value as RuleDraft['protocol'] })}
      />
      <input
        {...fieldOf(form, `${path}.from`)}
        type="text"
        aria-label={`Source of rule ${number}`}
        placeholder="my-address, or 203.0.113.0/24"
        value={rule.from}
        onInput={({ currentTarget }) => set({ from: currentTarget.value })}
      />
      <input
        {...fieldOf(form, `${path}.description`)}
        type="text"
        aria-label={`Note on rule ${number}`}
        placeholder="note"
        value={rule.description}
        onInput={({ currentTarget }) => set({ description: currentTarget.value })}
      />
      <button
        type="button"
        class="link"
        aria-label={`Remove rule ${number}`}
        onClick={() => form.change({ rules: rules.filter((_, at) => at !== index) })}
      >
        Remove
      </button>
      <Problems form={form} path={`${path}.port`} />
      <Problems form={form} path={`${path}.from`} />
      <Problems form={form} path={path} />
    </div>
  );
}
