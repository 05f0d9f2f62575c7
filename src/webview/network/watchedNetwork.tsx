/** The network of a recipe, whose layers can be watched while it trains. */
import { NetworkView, type NetworkViewProps } from './networkView.tsx';
import { useWatch, type Watchable } from './useWatch.ts';

export function WatchedNetwork({ watch, ...props }: Omit<NetworkViewProps, 'watching'> & { watch: Watchable }) {
  return <NetworkView {...props} watching={useWatch(watch, props.send)} />;
}
