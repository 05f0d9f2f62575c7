/** The third answer: how to get in. */
import type { PathField } from '../../common/launchMessages.ts';
import { Problems, Radios, SelectField, TextField } from './fields.tsx';
import type { Form } from './form.ts';

export function KeyPart({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  const known = model.choices?.keyPairs ?? [];
  return (
    <section aria-labelledby="key-title" class="part key">
      <h2 id="key-title">3. How to get in</h2>
      <Radios
        name="key"
        label="Key pair"
        value={draft.key}
        options={[
          { value: 'create', text: 'New key pair', note: 'the private key is saved once, for you alone' },
          {
            value: 'existing',
            text: 'Key pair that is there',
            note: known.length === 0 ? '' : `${known.length} to choose from`,
          },
          { value: 'import', text: 'A key of mine', note: 'its public half is given to AWS' },
          { value: 'none', text: 'None', note: 'nobody can sign in over SSH' },
        ]}
        onChange={(key) => form.change({ key })}
      />
      <Problems form={form} path="keyPair" />
      <div class="fields">
        <KeyFields form={form} />
      </div>
    </section>
  );
}

function KeyFields({ form }: { readonly form: Form }) {
  const { draft, model } = form;
  switch (draft.key) {
    case 'none':
      return null;
    case 'existing':
      return (
        <>
          <SelectField
            form={form}
            path="keyPair.existing.name"
            label="Key pair"
            value={draft.keyName}
            options={[
              { value: '', text: 'Choose…' },
              ...(model.choices?.keyPairs ?? []).map(({ name, type }) => ({ value: name, text: `${name} (${type})` })),
            ]}
            onChange={(keyName) => form.change({ keyName })}
          />
          <PathInput form={form} path="keyPair.existing.file" field="keyFile" label="Private key's file" />
        </>
      );
    case 'import':
      return (
        <>
          <KeyName form={form} path="keyPair.import.name" />
          <PathInput form={form} path="keyPair.import.publicKeyFile" field="publicKeyFile" label="Public key's file" />
        </>
      );
    case 'create':
      return (
        <>
          <KeyName form={form} path="keyPair.create.name" />
          <PathInput form={form} path="keyPair.create.saveTo" field="saveTo" label="Save the private key to" />
          <SelectField
            form={form}
            path="keyPair.create.keyType"
            label="Kind"
            value={draft.newKeyType}
            options={[
              { value: 'ed25519', text: 'ED25519' },
              { value: 'rsa', text: 'RSA' },
            ]}
            onChange={(value) => form.change({ newKeyType: value === 'rsa' ? 'rsa' : 'ed25519' })}
          />
        </>
      );
  }
}

function KeyName({ form, path }: { readonly form: Form; readonly path: string }) {
  return (
    <TextField
      form={form}
      path={path}
      label="Name at AWS"
      value={form.draft.newKeyName}
      onInput={(newKeyName) => form.change({ newKeyName })}
    />
  );
}

interface PathProps {
  readonly form: Form;
  readonly path: PathField;
  readonly field: 'keyFile' | 'publicKeyFile' | 'saveTo';
  readonly label: string;
}

function PathInput({ form, path, field, label }: PathProps) {
  const value = form.draft[field];
  return (
    <TextField
      form={form}
      path={path}
      label={label}
      value={value}
      onInput={(text) => form.change({ [field]: text })}
      after={
        <button
          type="button"
          class="secondary"
          aria-label={`${label}: choose a file`}
          onClick={() => form.send({ type: 'choosePath', field: path, path: value })}
        >
          Choose…
        </button>
      }
    />
  );
}
