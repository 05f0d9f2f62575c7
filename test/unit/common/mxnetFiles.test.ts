/** MXNet's two files: read exactly, and refused where they are cut off or of another form. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseMxParams } from '../../../src/common/mxnet/params.ts';
import { parseMxSymbol } from '../../../src/common/mxnet/symbol.ts';
import { vizOf } from '../../../src/common/mxnet/viz.ts';

const goldens = path.resolve(import.meta.dirname, '../../fixtures/goldens/mxnet');
const bytes = (name: string) => new Uint8Array(readFileSync(path.join(goldens, name)));

test('the arrays of both checkpoints have the shapes that MXNet gave them', () => {
  const { shapes } = JSON.parse(readFileSync(path.join(goldens, 'predictions.json'), 'utf8'));
  for (const [file, wanted] of Object.entries<Record<string, number[]>>(shapes)) {
    const { args } = parseMxParams(bytes(file), file);
    const found = [...args].map(([name, { shape, values }]) => [name, shape, values.length]);
    assert.deepEqual(
      found.sort(),
      Object.entries(wanted)
        .map(([name, shape]) => [name.slice(4), shape, shape.reduce((product, size) => product * size, 1)])
        .sort(),
    );
  }
});

test('a file that is cut off anywhere is refused, never read past', () => {
  const whole = bytes('globals-0001.params');
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(
      () => parseMxParams(whole.slice(0, length), 'net.params'),
      { code: 'import-damaged' },
      `${length} bytes`,
    );
  }
  assert.throws(() => parseMxParams(Uint8Array.of(...whole, 0), 'net.params'), {
    code: 'import-damaged',
    message: 'goes on for 1 bytes behind its last name.',
  });
});

/** The file with a few bytes changed; the first array begins at 24, its dtype at 24 + 4·3 + 8·rank + 8. */
const changed = (at: number, ...values: number[]) => {
  const copy = bytes('boston_r-0100.params');
  copy.set(values, at);
  return copy;
};

const FAULTS: Record<string, { file: Uint8Array; code: string; message: RegExp }> = {
  'a wrong first number': { file: changed(0, 1), code: 'import-damaged', message: /does not begin as a \.params file/ },
  'more arrays than bytes': {
    file: changed(16, 255, 255, 255, 255),
    code: 'import-damaged',
    message: /number of arrays is 4294967295/,
  },
  'a number that cannot be': {
    file: changed(16, 1, 0, 0, 0, 0, 0, 0, 255),
    code: 'import-damaged',
    message: /which cannot be/,
  },
  'an array of another form': {
    file: changed(24, 1),
    code: 'import-damaged',
    message: /array 1 begins with 0xf993fa01/,
  },
  'a sparse array': { file: changed(28, 1), code: 'import-unsupported', message: /array 1 is sparse/ },
  'a hundred dimensions': { file: changed(32, 100), code: 'import-damaged', message: /array 1 has 100 dimensions/ },
  'an array longer than the file': {
    file: changed(36, 0, 0, 0, 1),
    code: 'import-damaged',
    message: /is cut off in array 1/,
  },
  'whole numbers': { file: changed(60, 4), code: 'import-unsupported', message: /array 1 holds int32 \(dtype 4\)/ },
  'a type that MXNet has not': {
    file: changed(60, 77),
    code: 'import-unsupported',
    message: /an unknown type \(dtype 77\)/,
  },
};
for (const [what, { file, code, message }] of Object.entries(FAULTS)) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseMxParams(file, 'net.params'), { code, path: 'net.params', message });
  });
}

test('names that are neither arg nor aux, and twins, are refused', () => {
  const text = Buffer.from(bytes('boston_r-0100.params')).toString('latin1');
  const renamed = (from: string, to: string) => Uint8Array.from(Buffer.from(text.replace(from, to), 'latin1'));
  assert.throws(() => parseMxParams(renamed('arg:dense1_bias', 'arx:dense1_bias'), 'net'), {
    message: /neither arg: nor aux:/,
  });
  assert.throws(() => parseMxParams(renamed('arg:dense1_bias', 'arg:dense2_bias'), 'net'), {
    message: /two arrays called/,
  });
});

test('a symbol that is no JSON, no symbol, or whose nodes read forward is refused', () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => parseMxSymbol(text, 'net-symbol.json'), { code: 'import-damaged', message });
  refused('{', /is no JSON/);
  refused('{}', /is no symbol of MXNet: nodes/);
  const node = { op: 'Flatten', name: 'a', inputs: [[0, 0, 0]] };
  refused(JSON.stringify({ nodes: [node], heads: [[0, 0]] }), /the node a reads one that does not come before/);
  refused(
    JSON.stringify({ nodes: [{ ...node, inputs: [] }], heads: [[7, 0]] }),
    /its output is a node that is not there/,
  );
});

test('the words that attributes had in older files are read too', () => {
  for (const word of ['attrs', 'attr', 'param']) {
    const node = { op: 'FullyConnected', name: 'a', [word]: { num_hidden: '3' }, inputs: [] };
    assert.deepEqual(parseMxSymbol(JSON.stringify({ nodes: [node], heads: [[0, 0]] }), 'x').nodes[0]?.attrs, {
      num_hidden: '3',
    });
  }
});

test('separators of absent sizes are cut off at the end of a label alone', () => {
  const label = (op: string, attrs: Record<string, string>) => vizOf({ op, name: 'n', attrs, inputs: [] }).label;
  assert.equal(
    label('Convolution', { kernel: '(3, 3)', stride: '(2, 2)', num_filter: '8' }),
    'Convolution\nn\n3X3 / 2X2, 8',
  );
  assert.equal(label('Pooling', { kernel: '(2, 2)', pool_type: 'max' }), 'Pooling\nn\nmax2X2');
  assert.equal(label('_copy', {}), '_copy\nn');
});
