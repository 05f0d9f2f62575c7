/** The panel with the recorded run of each shipped recipe. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import { inferGraph, inputShapeOf } from '../../src/common/recipe/inferGraph.ts';
import { parseRecipe } from '../../src/common/recipe/parse.ts';
import { recordings } from '../fixtures/recordings.ts';
import { openPanelPage } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const { name, recipeFile, events } of recordings()) {
  test(`${name}: curves, network and result are drawn`, async (t) => {
    const { recipe } = parseRecipe(readFileSync(recipeFile, 'utf8'));
    const { page, post } = await openPanelPage(browser, { width: 1500, height: 1100 });
    t.after(() => page.close());
    const params = Object.entries(recipe?.params ?? {}).map(([param, value]) => ({ name: param, value }));
    const graph = recipe === null ? null : inferGraph(recipe, inputShapeOf(recipe)).graph;
    await post(
      {
        type: 'recipe',
        recipe: { name: recipe?.name ?? name, file: recipeFile, params, graph, problems: [] },
        pastRuns: [],
      },
      { type: 'run', runFolder: '/run', params },
      { type: 'events', events },
    );
    const verdict = events.find((event) => event.type === 'evaluation')?.verdict ?? 'a verdict';
    await page.getByText(verdict).first().waitFor();
    await page.locator('.uplot canvas').first().waitFor();
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `recording-${name}.png`), fullPage: true });
  });
}
