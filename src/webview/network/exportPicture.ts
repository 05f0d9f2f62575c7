/** The network graph as a picture of its own: the theme's colours written out, nothing left to a style sheet. */

/** Properties that the panel's style sheet sets on the drawing. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'font-family', 'font-size', 'font-weight', 'opacity'] as const;
const PNG_SCALE = 2;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** SVG text at its full size, whatever part of it the panel shows. */
export function pictureOf(svg: SVGSVGElement, { width, height }: Size): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const shown = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const original = shown[index];
    if (original !== undefined) {
      const style = getComputedStyle(original);
      for (const name of STYLES) {
        element.setAttribute(name, style.getPropertyValue(name));
      }
      for (const name of ['class', 'tabindex', 'role', 'data-index', 'aria-current']) {
        element.removeAttribute(name);
      }
    }
  });
  copy.querySelector('g')?.setAttribute('transform', '');
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.removeAttribute('class');
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  paper.setAttribute('width', '100%');
  paper.setAttribute('height', '100%');
  paper.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/** Base64 of a PNG, twice as fine as the SVG. */
export async function toPng(picture: string, { width, height }: Size): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
