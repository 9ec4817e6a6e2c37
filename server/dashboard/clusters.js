// The clusters of a collection: the newest, the largest, and those that are looked for.
import { field, h, replace } from './dom.js';
import { ago, count, time } from './format.js';
import { t } from './words.js';

const PAGE = 50;
const CALLS = 25;  // of one search that finds little; then it stops and asks
const ORDERS = ['NEWEST_DOCUMENT', 'LARGEST', 'NEWEST', 'OLDEST'];

export async function open(view) {
  const results = h('div', { id: 'results' });
  replace(view.root, h('h1', {}, t('page.clusters')), searchForm(view), results);
  const words = view.query.get('words') || '';
  await Promise.all([show(view, results), byDocument(view, words, results)]);
}

function searchForm(view) {
  const { query } = view;
  const words = h('input', { type: 'search', name: 'words', value: query.get('words') || '' });
  const publisher = h('input', { name: 'publisher', value: query.get('publisher') || '' });
  const order = h('select', { name: 'order' }, ORDERS.map((name) =>
    h('option', { value: name }, t(`clusters.${name}`))));
  order.value = query.get('order') || ORDERS[0];
  const min = h('select', { name: 'min' },
    h('option', { value: '' }, t('clusters.min.all')),
    [2, 3, 5, 10, 50].map((n) => h('option', { value: n }, t('clusters.min.n', { n }))));
  min.value = query.get('min') || '';
  const go = () => {
    const text = words.value.trim();
    location.hash = /^c[1-9]\d*$/.test(text)
      ? view.link(`cluster/${text}`)
      : view.link('clusters', {
        words: text, publisher: publisher.value.trim(), order: order.value, min: min.value,
      });
  };
  order.addEventListener('change', go);
  min.addEventListener('change', go);
  return h('form', {
    class: 'search',
    role: 'search',
    onsubmit: (event) => {
      event.preventDefault();
      go();
    },
  },
  h('div', { class: 'wide' }, field(t('clusters.words'), words)),
  field(t('clusters.publisher'), publisher, t('clusters.publisher.hint')),
  field(t('clusters.order'), order), field(t('clusters.min'), min),
  h('button', { class: 'primary', type: 'submit' }, t('clusters.find')));
}

// Where the words are the id of a document, its cluster stands first. A batch of one, since what is
// not there is no error of the call.
async function byDocument(view, words, results) {
  if (!words || /\s/.test(words)) return;
  const { results: [found] } = await view.call('DedupService/BatchGetDocuments',
    { collection: view.collection, documentIds: [words], view: 'VIEW_BASIC' });
  if (!found.document) return;
  results.before(h('p', { class: 'panel' },
    h('a', { href: view.link(`cluster/${found.document.clusterId}`) },
      t('clusters.document', { id: words }))));
}

async function show(view, results) {
  const { query } = view;
  const request = {
    collection: view.collection,
    pageSize: PAGE,
    order: `CLUSTER_ORDER_${query.get('order') || ORDERS[0]}`,
    minSize: Number(query.get('min') || 0),
    titleWords: query.get('words') || '',
    memberPublisher: query.get('publisher') || '',
  };
  const list = h('ol', { class: 'clusters' });
  const more = h('p', {});
  const status = h('p', { class: 'muted', role: 'status' });
  const searched = request.titleWords || request.memberPublisher || request.minSize;
  const further = async () => {
    replace(more);
    const wanted = list.children.length + PAGE;
    for (let calls = 0; calls < CALLS; ++calls) {
      const page = await view.call('DedupService/ListClusters', request);
      if (!list.isConnected) replace(results, status, list, more);
      list.append(...(page.clusters || []).map((cluster) => entry(view, cluster)));
      performance.mark('wonbon:clusters');
      request.pageToken = page.nextPageToken;
      if (!request.pageToken || list.children.length >= wanted) break;
      status.textContent = t('clusters.looking', { found: count(list.children.length) });
    }
    status.textContent = '';
    const stopped = request.pageToken && list.children.length < wanted;
    if (stopped) status.textContent = t('clusters.stopped');
    if (!list.children.length && !request.pageToken) {
      status.textContent = t(searched ? 'clusters.nothing' : 'clusters.empty');
    }
    if (request.pageToken) {
      replace(more, h('button', { onclick: () => further().catch(view.fail) },
        t(stopped ? 'clusters.goon' : 'more')));
    }
  };
  await further();
}

function entry(view, cluster) {
  const { canonical } = cluster;
  const title = canonical.title || t('clusters.untitled');
  return h('li', {},
    h('span', { class: 'size' }, t('clusters.size', { count: count(cluster.size) })),
    h('div', {},
      h('a', { class: 'headline', href: view.link(`cluster/${cluster.clusterId}`) }, title),
      h('p', { class: 'meta' },
        h('span', {}, canonical.publisher || t('clusters.unnamed')),
        canonical.publishedAt
          ? h('span', {}, t('clusters.published', { time: time(canonical.publishedAt) })) : null,
        cluster.size > 1
          ? h('span', {}, t('clusters.latest', { time: ago(cluster.lastReceivedAt) })) : null,
        h('code', {}, cluster.clusterId))));
}
