// A bar of parts of a whole, with a list of what each is.
import { h } from './dom.js';
import { bytes } from './format.js';

// `parts`: [[name, bytes]]; `rest`: [name, bytes] of what is left of the whole, or null. What has
// nothing is left out.
export function bar(parts, rest) {
  const shown = parts.filter(([, size]) => size > 0);
  const whole = shown.reduce((total, [, size]) => total + size, 0) + (rest ? rest[1] : 0);
  let x = 0;
  const pieces = shown.map(([, size], index) => {
    const width = (size / whole) * 1000;
    const piece = h('svg:rect', { class: `part${index}`, x, y: 0, width, height: 12 });
    x += width;
    return piece;
  });
  const entry = (name, size, kind) => h('li', {},
    h('svg:svg', { class: 'key', viewBox: '0 0 10 10', 'aria-hidden': 'true' },
      h('svg:rect', { class: kind, width: 10, height: 10, rx: 2 })),
    h('span', {}, name), h('span', { class: 'size' }, bytes(size)));
  return h('div', { class: 'parts' },
    h('svg:svg', {
      class: 'bar', viewBox: '0 0 1000 12', preserveAspectRatio: 'none', 'aria-hidden': 'true',
    }, h('svg:rect', { class: 'rest', width: 1000, height: 12 }), pieces),
    h('ul', {}, shown.map(([name, size], index) => entry(name, size, `part${index}`)),
      rest ? entry(rest[0], rest[1], 'rest') : null));
}
