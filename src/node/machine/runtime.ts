/** The TensorFlow runtime: installed, named in the settings, damaged or absent. */
import type { Finding } from '../../common/machine/check.ts';
import type { Runtime } from '../runtime/findRuntime.ts';
import { type Cards, hasNvidia } from './cards.ts';
import { offersTensorflow } from './offersTensorflow.ts';
import type { RuntimeState } from './runtimeState.ts';
import type { MachineSources } from './sources.ts';
import { tilde } from './tilde.ts';

export function checkRuntime(
  sources: Pick<MachineSources, 'home' | 'platform' | 'arch'>,
  state: RuntimeState,
  cards: Cards,
): Finding {
  const { home } = sources;
  switch (state.kind) {
    case 'absent':
      if (!offersTensorflow(sources)) {
        return {
          status: 'info',
          detail: 'there is none for this system; WebGPU and WebAssembly take its place',
          remedy: null,
        };
      }
      return {
        status: 'warn',
        detail: 'not set up; recipes train without it, large ones slowly',
        remedy: { text: 'Set TensorFlow up. It is fetched once, checked, and kept for all recipes.', action: 'setUp' },
      };
    case 'misnamed':
      return {
        status: 'fail',
        detail: `${tilde(state.fault.path, home)} ${state.fault.message}`,
        remedy: { text: state.fault.remedy, action: 'openSettings' },
      };
    case 'damaged': {
      const action = state.runtime.source === 'installed' ? 'setUp' : 'openSettings';
      const detail = `${describe(state.runtime, home)}: ${state.fault.message}`;
      return { status: 'fail', detail, remedy: { text: state.fault.remedy, action } };
    }
    case 'whole': {
      const detail = describe(state.runtime, home);
      const leavesCard = state.runtime.flavour === 'cpu' && offersTensorflow(sources, 'cuda') && hasNvidia(cards);
      return leavesCard
        ? { status: 'warn', detail, remedy: { text: 'Set up the GPU build to use the NVIDIA card.', action: 'setUp' } }
        : { status: 'ok', detail, remedy: null };
    }
  }
}

function describe({ version, flavour, source, folder }: Runtime, home: string): string {
  const build = { cpu: ' for the processor', cuda: ` for CUDA`, unknown: '' }[flavour];
  const origin = source === 'named' ? ', named in place of Skillet’s own' : '';
  return `${version ?? 'unknown version'}${build}, in ${tilde(folder, home)}${origin}`;
}
