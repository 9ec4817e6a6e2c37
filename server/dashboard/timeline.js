// When which publisher had a document of a cluster: a lane for each publisher, a dot for each
// document. A picture beside the table, which says the same in words.
import { h } from './dom.js';
import { time } from './format.js';
import { bare } from './terms.js';
import { t } from './words.js';

const LANES = 12;

export const when = (member) => member.document.publishedAt || member.receivedAt;

// `members`: StoredDocuments. Null where there is nothing to be seen.
export function timeline(members, canonicalId) {
  const dots = members.map((member) => ({
    at: Date.parse(when(member)),
    lane: member.document.publisher || t('clusters.unnamed'),
    kind: member.document.id === canonicalId ? 'canonical' : bare(member.relation).toLowerCase(),
  })).filter((dot) => !Number.isNaN(dot.at)).sort((a, b) => a.at - b.at);
  if (dots.length < 2) return null;
  const publishers = [...new Set(dots.map((dot) => dot.lane))];
  const named = publishers.length > LANES ? publishers.slice(0, LANES - 1) : publishers;
  const others = publishers.length - named.length;
  const from = dots[0].at;
  const length = Math.max(dots.at(-1).at - from, 1);
  const lane = (name, own) => h('div', { class: 'lane' },
    h('span', { class: 'name' }, name),
    h('span', { class: 'track' }, own.map((dot) => place(dot, (dot.at - from) / length))));
  const [first, last] = [time(new Date(from)), time(new Date(from + length))];
  return h('figure', {
    class: 'timeline',
    role: 'img',
    'aria-label': t('cluster.timeline.alt', {
      publishers: publishers.length, documents: dots.length, from: first, to: last,
    }),
  },
  named.map((name) => lane(name, dots.filter((dot) => dot.lane === name))),
  others ? lane(t('cluster.others', { count: others }),
    dots.filter((dot) => !named.includes(dot.lane))) : null,
  h('figcaption', {}, h('span', {}, first), h('span', {}, last)));
}

function place(dot, share) {
  const element = h('span', { class: `dot ${dot.kind}` });
  element.style.left = `${share * 100}%`;
  return element;
}
