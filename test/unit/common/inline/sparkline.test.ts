/** The tiny pictures: their size, their lines, their gaps and their contrast. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INKS, type InkKind } from '../../../../src/common/inline/inks.ts';
import { drawSparks, type Spark } from '../../../../src/common/inline/sparkline.ts';

const SIZE = { height: 14, curveWidth: 70, triedWidth: 42 };
const draw = (...sparks: Spark[]) => drawSparks(sparks, SIZE, INKS.dark);
const curves = (train: readonly (number | null)[], validation: readonly (number | null)[] = [], room = train.length) =>
  draw({ kind: 'curves', train, validation, room });

/** All pairs of coordinates of a picture's paths. */
const points = (svg: string) =>
  [...svg.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map((match) => [Number(match[1]), Number(match[2])] as const);

test('a picture has whole pixels, and several stand side by side', () => {
  assert.match(curves([3, 2, 1]), /^<svg [^>]*width="70" height="14"/);
  const two = draw(
    { kind: 'curves', train: [1, 2], validation: [], room: 2 },
    { kind: 'tried', results: [3, 1], best: 1 },
  );
  assert.match(two, /width="120" height="14" viewBox="0 0 120 14"/);
});

test('a curve falls from the top left to the bottom right, within its picture', () => {
  assert.deepEqual(points(curves([3, 2, 1])), [
    [2, 2],
    [35, 7],
    [68, 12],
  ]);
});

test('epochs that are still to come leave their room free', () => {
  assert.deepEqual(points(curves([3, 1], [], 3)), [
    [2, 2],
    [35, 12],
  ]);
});

test('a gap in a curve is not bridged', () => {
  const svg = curves([4, 3, null, 2, 1]);
  assert.equal([...svg.matchAll(/M/g)].length, 2);
});

test('validation is a second line in another colour, and dashed', () => {
  const svg = curves([3, 2], [4, 3]);
  assert.ok(svg.includes(`stroke="${INKS.dark.validation}"`) && svg.includes('stroke-dasharray'));
  assert.ok(!curves([3, 2]).includes(INKS.dark.validation));
});

test('a loss that falls by powers of ten is drawn by its logarithm', () => {
  const middle = points(curves([100, 10, 1]))[1];
  assert.equal(middle?.[1], 7);
});

for (const [name, values] of Object.entries({
  nothing: [],
  'one value': [3],
  'the same value': [2, 2, 2],
  'no number': [null, null],
  zeros: [0, 0],
  'great numbers': [1e300, -1e300],
})) {
  test(`a curve of ${name} has no coordinate that is no number`, () => {
    assert.doesNotMatch(curves(values), /NaN|Infinity|undefined/);
  });
}

test('a curve of a million epochs is a small picture that keeps its spike', () => {
  const values = Array.from({ length: 1_000_000 }, (_, index) => (index === 500_001 ? 9 : 1));
  const svg = curves(values);
  assert.ok(svg.length < 4000, `${svg.length} letters`);
  assert.equal(points(svg).filter(([, y]) => y === 2).length, 1);
});

test('the best of the tried values is the largest dot and has the other colour', () => {
  const svg = draw({ kind: 'tried', results: [4, 3, 5], best: 1 });
  assert.equal([...svg.matchAll(/<circle/g)].length, 3);
  assert.ok(svg.includes(`cx="21" cy="12" r="2.5" fill="${INKS.dark.validation}"`), svg);
});

/** Relative luminance and contrast, as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Of the editor and of hovers, in VS Code's own themes of each kind. */
const BACKGROUNDS: Record<InkKind, string[]> = {
  dark: ['#1f1f1f', '#1e1e1e', '#252526', '#202020'],
  light: ['#ffffff', '#f8f8f8', '#f3f3f3'],
  highContrast: ['#000000', '#0c141f'],
  highContrastLight: ['#ffffff'],
};
for (const [kind, backgrounds] of Object.entries(BACKGROUNDS) as [InkKind, string[]][]) {
  test(`lines have a contrast of 3 and text of 4.5 in themes that are ${kind}`, () => {
    const { train, validation, text } = INKS[kind];
    for (const background of backgrounds) {
      assert.ok(contrast(train, background) >= 3, `${train} on ${background}`);
      assert.ok(contrast(validation, background) >= 3, `${validation} on ${background}`);
      assert.ok(contrast(text, background) >= 4.5, `${text} on ${background}`);
    }
  });
}
