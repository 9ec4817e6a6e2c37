// Two texts side by side, with what only one of them has marked. Spans are byte offsets into the
// UTF-8 of a body (wonbon.v1.TextSpan).
import { h } from './dom.js';
import { t } from './words.js';

// [{text, kind}] of a body: 'only', 'shared', or 'apart' for what was not compared.
export function pieces(body, only, shared) {
  const bytes = new TextEncoder().encode(body);
  const decoder = new TextDecoder();
  const spans = [
    ...only.map((span) => ({ ...span, kind: 'only' })),
    ...shared.map((span) => ({ ...span, kind: 'shared' })),
  ].map(({ begin = 0, end = 0, kind }) => ({ begin, end, kind }))
    .sort((a, b) => a.begin - b.begin);
  const found = [];
  let at = 0;
  const take = (end, kind) => {
    if (end > at) found.push({ text: decoder.decode(bytes.subarray(at, end)), kind });
    at = Math.max(at, end);
  };
  for (const { begin, end, kind } of spans) {
    take(begin, 'apart');
    take(end, kind);
  }
  take(bytes.length, 'apart');
  return found;
}

function column(title, meta, parts) {
  const tags = { only: 'mark', shared: 'span', apart: 'span' };
  return h('article', {},
    h('h3', {}, title), meta ? h('p', { class: 'meta' }, meta) : null,
    h('div', { class: 'text' }, parts.map(({ text, kind }) =>
      h(tags[kind], { class: kind === 'apart' ? 'apart' : null }, text))));
}

// `a` and `b`: {title, meta, body}; `comparison`: a CompareResponse with spans.
export function sides(a, b, comparison) {
  const shared = comparison.shared || [];
  return h('section', { class: 'sides' }, h('h2', {}, t('compare.texts')),
    h('p', { class: 'hint' }, t('compare.legend')),
    h('div', { class: 'columns' },
      column(a.title, a.meta, pieces(a.body, comparison.onlyA || [], shared.map((s) => s.a))),
      column(b.title, b.meta, pieces(b.body, comparison.onlyB || [], shared.map((s) => s.b)))));
}
