/** The disks, one row each, with what each kind lets one choose. */
import type { ProfileVolume } from '../../common/cloud/launchProfile.ts';
import { type Draft, NEW_VOLUME, type VolumeDraft } from './draft.ts';
import { Check, Field, fieldOf, Problems, Select } from './fields.tsx';
import type { Form } from './form.ts';

type Kind = ProfileVolume['type'];

/** What can be said of each kind at its field; the check holds the exact limits. */
const KINDS: Readonly<Record<Kind, { readonly text: string; readonly rule: string; readonly iops?: string }>> = {
  gp3: { text: 'gp3: general, SSD', rule: '1 to 65,536 GiB', iops: '3,000 to 80,000, up to 500 a GiB' },
  gp2: { text: 'gp2: general, SSD, older', rule: '1 to 16,384 GiB' },
  io2: { text: 'io2: fast, SSD', rule: '4 to 65,536 GiB', iops: '100 to 256,000, up to 1,000 a GiB; must be named' },
  io1: { text: 'io1: fast, SSD, older', rule: '4 to 16,384 GiB', iops: '100 to 64,000, up to 50 a GiB; must be named' },
  st1: { text: 'st1: throughput, HDD', rule: '125 to 16,384 GiB; not to start from' },
  sc1: { text: 'sc1: cold, HDD', rule: '125 to 16,384 GiB; not to start from' },
  standard: { text: 'standard: magnetic, old', rule: '1 to 1,024 GiB' },
};

export function storageWords({ volumes }: Draft): string {
  return volumes.length === 0
    ? 'the image’s own disks'
    : volumes.map(({ device, type, sizeGb }) => `${device} ${sizeGb} GiB ${type}`).join(', ');
}

export function StorageFields({ form }: { readonly form: Form }) {
  const { volumes } = form.draft;
  const add = (device: string) => form.change({ volumes: [...volumes, { ...NEW_VOLUME, device }] });
  return (
    <div class="rows">
      {volumes.length === 0 ? (
        <p class="hint">The machine gets the disks that its image names. Add the root disk to choose its size.</p>
      ) : null}
      {volumes.map((volume, index) => (
        <Volume key={index} form={form} volume={volume} index={index} />
      ))}
      <Problems form={form} path="volumes" />
      <div class="buttons">
        {volumes.some(({ device }) => device === 'root') ? null : (
          <button type="button" class="secondary" onClick={() => add('root')}>
            Choose the Root Disk
          </button>
        )}
        <button type="button" class="secondary" onClick={() => add(nextDevice(volumes))}>
          Add Disk
        </button>
      </div>
    </div>
  );
}

/** AWS recommends the names from f to p for added disks. */
function nextDevice(volumes: readonly VolumeDraft[]): string {
  const used = new Set(volumes.map(({ device }) => device));
  return [...'fghijklmnop'].map((letter) => `/dev/sd${letter}`).find((device) => !used.has(device)) ?? '/dev/sdf';
}

interface VolumeProps {
  readonly form: Form;
  readonly volume: VolumeDraft;
  readonly index: number;
}

function Volume({ form, volume, index }: VolumeProps) {
  const { volumes } = form.draft;
  const path = `volumes[${index}]`;
  const { rule, iops } = KINDS[volume.type];
  const set = (part: Partial<VolumeDraft>) =>
    form.change({ volumes: volumes.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const box = (name: 'device' | 'sizeGb' | 'iops' | 'throughputMbps', unit: string) => (
    <>
      <input
        {...fieldOf(form, `${path}.${name}`)}
        class="short"
        type="text"
        spellcheck={false}
        value={volume[name]}
        onInput={({ currentTarget }) => set({ [name]: currentTarget.value })}
      />
      <span class="muted">{unit}</span>
    </>
  );
  return (
    <fieldset class="volume">
      <legend>{volume.device === 'root' ? 'Root disk' : `Disk ${volume.device}`}</legend>
      {volume.device === 'root' ? null : (
        <Field form={form} path={`${path}.device`} label="Device">
          {box('device', '')}
        </Field>
      )}
      <Field form={form} path={`${path}.type`} label="Kind">
        <Select
          form={form}
          path={`${path}.type`}
          value={volume.type}
          options={Object.entries(KINDS).map(([value, { text }]) => ({ value, text }))}
          // What the new kind does not let one choose is no longer asked for.
          onChange={(value) => set({ type: value as Kind, iops: '', throughputMbps: '' })}
        />
      </Field>
      <Field form={form} path={`${path}.sizeGb`} label="Size" hint={rule}>
        {box('sizeGb', 'GiB')}
      </Field>
      {iops === undefined ? null : (
        <Field form={form} path={`${path}.iops`} label="IOPS" hint={iops}>
          {box('iops', 'a second')}
        </Field>
      )}
      {volume.type === 'gp3' ? (
        <Field
          form={form}
          path={`${path}.throughputMbps`}
          label="Throughput"
          hint="125 to 2,000, up to a quarter of the IOPS"
        >
          {box('throughputMbps', 'MiB/s')}
        </Field>
      ) : null}
      <div class="volume-checks">
        <Check
          form={form}
          path={`${path}.encrypted`}
          label="Encrypted"
          isChecked={volume.encrypted}
          onChange={(encrypted) => set({ encrypted })}
        />
        <Check
          form={form}
          path={`${path}.deleteOnTermination`}
          label="Goes away with the machine"
          isChecked={volume.deleteOnTermination}
          onChange={(deleteOnTermination) => set({ deleteOnTermination })}
        />
        <button
          type="button"
          class="link"
          aria-label={`Remove ${volume.device}`}
          onClick={() => form.change({ volumes: volumes.filter((_, at) => at !== index) })}
        >
          Remove
        </button>
      </div>
      <Problems form={form} path={path} />
    </fieldset>
  );
}
