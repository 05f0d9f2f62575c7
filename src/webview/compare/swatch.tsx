/** A run's line and marker, as in the charts. */
import { isOutline, markerPath, type RunLook } from './looks.ts';

export function Swatch({ look }: { look: RunLook }) {
  const { color, marker } = look;
  return (
    <svg class="swatch" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
      <path d="M1 6h24" stroke={color} stroke-width={marker === null ? 1.2 : 2} />
      {marker === null ? null : (
        <path
          class={marker === 'ring' ? 'hollow' : ''}
          d={markerPath(marker, [13, 6], 3.6)}
          stroke={color}
          stroke-width="1.8"
          fill={isOutline(marker) ? 'none' : color}
        />
      )}
    </svg>
  );
}
