/** The peer of the panel's benchmark: uPlot as it comes, given all points whenever there are new ones. */
import '../../../src/webview/safeLocale.ts';
import uPlot from 'uplot';

interface Steps {
  readonly type: string;
  readonly loss: ArrayLike<number>;
  readonly metrics: Readonly<Record<string, ArrayLike<number>>>;
}

const width = 820;
const x: number[] = [];
const loss: number[] = [];
const rmse: number[] = [];
const charts = (['loss', 'rmse'] as const).map((label) => {
  const holder = document.createElement('div');
  holder.className = 'chart';
  document.body.append(holder);
  const series = [{}, { label, stroke: '#59a4f9', width: 2 }];
  const scales = { x: { time: false, range: () => [1, 1_000_000] as [number, number] } };
  return new uPlot({ width, height: 340, legend: { show: false }, scales, series }, [[], []], holder);
});
let isScheduled = false;

window.addEventListener('message', ({ data }: MessageEvent<{ type: string; events?: readonly Steps[] }>) => {
  for (const event of data.events ?? []) {
    if (event.type === 'steps') {
      for (let index = 0; index < event.loss.length; index += 1) {
        x.push(x.length + 1);
        loss.push(event.loss[index] ?? 0);
        rmse.push(event.metrics.rmse?.[index] ?? 0);
      }
    }
  }
  if (!isScheduled && x.length > 0) {
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      charts[0]?.setData([x, loss]);
      charts[1]?.setData([x, rmse]);
    });
  }
});
