// One cluster: what stands for it and why, its documents in time, what is alike elsewhere, and what
// an editor may do about it.
import { confirmEdit, editing } from './editing.js';
import { h, outside, replace, table } from './dom.js';
import { count, exactTime, percent, time } from './format.js';
import { sides } from './sides.js';
import { canonicalReason, editorialAct, memberRelation, relation } from './terms.js';
import { timeline, when } from './timeline.js';
import { verdict } from './verdict.js';
import { t } from './words.js';

const PAGE = 200;

export async function open(view) {
  const of = { collection: view.collection, clusterId: view.argument };
  const [answer, page] = await Promise.all([
    view.call('DedupService/GetCluster', { ...of, view: 'VIEW_FULL' }),
    view.call('DedupService/ListClusterDocuments', { ...of, pageSize: PAGE }),
  ]);
  const { cluster } = answer;
  const shown = { cluster, members: page.documents || [], token: page.nextPageToken };
  const compared = h('div', { id: 'compared' });
  replace(view.root,
    answer.redirectedFrom
      ? h('p', { class: 'banner' }, t('cluster.moved', { id: answer.redirectedFrom })) : null,
    head(cluster), canonical(cluster), editorWords(cluster),
    h('section', { id: 'members' }), compared, links(view, cluster),
    h('section', { id: 'editing' }));
  drawMembers(view, shown, compared);
  document.title = `${cluster.canonical.title || cluster.clusterId} – ${t('name')}`;
  performance.mark('wonbon:cluster');
}

function head(cluster) {
  return h('div', { class: 'head' },
    h('h1', {}, cluster.canonical.title || t('clusters.untitled')),
    h('p', { class: 'meta' }, h('code', {}, cluster.clusterId),
      h('span', {}, t('clusters.size', { count: count(cluster.size) }))));
}

function canonical({ canonical: copy, pinnedDocumentId }) {
  return h('section', { class: 'panel', id: 'canonical' }, h('h2', {}, t('cluster.canonical')),
    h('p', { class: 'why' }, canonicalReason(copy.reason)),
    h('p', { class: 'meta' },
      h('span', {}, copy.publisher || t('clusters.unnamed')),
      copy.publishedAt ? h('span', {}, t('clusters.published', {
        time: exactTime(copy.publishedAt),
      })) : null,
      h('code', {}, copy.documentId), outside(copy.url, t('cluster.source')),
      pinnedDocumentId ? h('span', { class: 'chip' }, t('cluster.pinned')) : null),
    h('details', {}, h('summary', {}, t('cluster.body')), h('div', { class: 'text' }, copy.body)));
}

function editorWords({ words }) {
  if (!words?.length) return null;
  return h('section', { id: 'words' }, h('h2', {}, t('cluster.words')),
    h('ul', { class: 'plain' }, [...words].reverse().map((word) => h('li', {},
      h('strong', {}, editorialAct(word)),
      h('p', { class: 'meta' }, h('span', {}, exactTime(word.saidAt)),
        word.actor ? h('span', {}, word.actor) : null,
        word.note ? h('span', {}, word.note) : null)))));
}

function drawMembers(view, shown, compared) {
  const { cluster, members } = shown;
  const picked = new Set();
  const redraw = () => replace(view.root.querySelector('#editing'),
    editing(view, cluster, [...picked]));
  const pick = (id) => h('input', {
    type: 'checkbox',
    'aria-label': t('cluster.pick', { id }),
    onchange: (event) => {
      if (event.target.checked) picked.add(id);
      else picked.delete(id);
      redraw();
    },
  });
  const rows = [...members].sort((a, b) => Date.parse(when(a)) - Date.parse(when(b)));
  const isCanonical = (member) => member.document.id === cluster.canonical.documentId;
  const actions = (member) => h('div', { class: 'buttons' },
    isCanonical(member) ? null : h('button', {
      class: 'quiet', onclick: () => compare(view, cluster, member, compared),
    }, t('cluster.compare')),
    member.document.id === cluster.pinnedDocumentId ? null : h('button', {
      class: 'quiet', onclick: () => confirmEdit(view, 'pin', cluster, member.document.id),
    }, t('edit.pin')));
  const place = view.root.querySelector('#members');
  replace(place, h('h2', {}, t('cluster.members')),
    timeline(members, cluster.canonical.documentId),
    table(t('cluster.members'), [
      {
        name: t('cluster.title'),
        cell: (member) => h('div', { class: 'picked' },
          members.length > 1 ? pick(member.document.id) : null,
          h('div', {}, member.document.title || t('clusters.untitled'),
            h('p', { class: 'meta' }, h('code', {}, member.document.id)))),
      },
      {
        name: t('cluster.publisher'),
        short: true,
        cell: (member) => member.document.publisher || t('clusters.unnamed'),
      },
      { name: t('cluster.published'), short: true, cell: (member) => time(when(member)) },
      {
        name: t('cluster.relation'),
        cell: (member) => h('span', { class: isCanonical(member) ? 'chip canonical' : 'chip' },
          isCanonical(member) ? t('cluster.isCanonical') : memberRelation(member.relation)),
      },
      { name: t('edit.title'), cell: actions },
    ], rows),
    shown.token ? h('p', {}, h('button', {
      onclick: () => readMore(view, shown, compared).catch(view.fail),
    }, t('more'))) : null,
    versions(members));
  redraw();
}

async function readMore(view, shown, compared) {
  const page = await view.call('DedupService/ListClusterDocuments', {
    collection: view.collection, clusterId: shown.cluster.clusterId, pageSize: PAGE,
    pageToken: shown.token,
  });
  shown.members.push(...(page.documents || []));
  shown.token = page.nextPageToken;
  drawMembers(view, shown, compared);
}

// Publishers of whom the cluster has more than one document, with those in time.
function versions(members) {
  const byPublisher = new Map();
  for (const member of members) {
    const { publisher } = member.document;
    if (!publisher) continue;
    byPublisher.set(publisher, [...(byPublisher.get(publisher) || []), member]);
  }
  const several = [...byPublisher].filter(([, documents]) => documents.length > 1);
  if (!several.length) return null;
  return h('section', { id: 'versions' }, h('h2', {}, t('cluster.versions')),
    several.map(([publisher, documents]) => h('details', {},
      h('summary', {}, `${publisher} ${t('clusters.size', { count: count(documents.length) })}`),
      h('ol', {}, documents.sort((a, b) => Date.parse(when(a)) - Date.parse(when(b)))
        .map((member) => h('li', {}, member.document.title || member.document.id,
          h('span', { class: 'meta' }, ` ${time(when(member))}`)))))));
}

async function compare(view, cluster, member, place) {
  replace(place, h('p', { class: 'muted' }, t('cluster.comparing')));
  place.scrollIntoView({ block: 'nearest' });
  try {
    const { canonical: copy } = cluster;
    const [comparison, other] = await Promise.all([
      view.call('DedupService/Compare', {
        collection: view.collection, a: { documentId: copy.documentId },
        b: { documentId: member.document.id },
      }),
      view.call('DedupService/GetDocument', {
        collection: view.collection, documentId: member.document.id,
      }),
    ]);
    const { document: told } = other.document;
    const meta = (publisher, at) => [publisher, time(at)].filter(Boolean).join(' · ');
    replace(place, verdict(comparison), sides(
      { title: copy.title || copy.documentId, meta: meta(copy.publisher, copy.publishedAt),
        body: copy.body || '' },
      { title: told.title || told.id, meta: meta(told.publisher, told.publishedAt),
        body: told.body || '' },
      comparison));
    place.querySelector('h2').focus();
  } catch (error) {
    view.fail(error, place);
  }
}

// The standing decision about the canonical copy tells them: its text is checked as it stands.
function links(view, cluster) {
  const place = h('div', { 'aria-live': 'polite' });
  const look = async () => {
    const { document: stored } = await view.call('DedupService/GetDocument', {
      collection: view.collection, documentId: cluster.canonical.documentId,
    });
    const { decision } = await view.call('DedupService/Check', {
      collection: view.collection, document: stored.document,
    });
    const found = decision.links || [];
    replace(place, found.length ? table(t('cluster.links'), [
      { name: t('cluster.relation'), cell: (link) => relation(link.relation) },
      {
        name: t('cluster.cluster'),
        cell: (link) => h('a', { href: view.link(`cluster/${link.clusterId}`) }, link.clusterId),
      },
      { name: t('cluster.document'), cell: (link) => h('code', {}, link.documentId) },
      { name: t('cluster.score'), number: true, cell: (link) => percent(link.score || 0) },
    ], found) : h('p', { class: 'muted' }, t('cluster.links.none')));
  };
  replace(place, h('button', { onclick: () => look().catch((error) => view.fail(error, place)) },
    t('cluster.links.show')));
  return h('section', { id: 'links' }, h('h2', {}, t('cluster.links')), place);
}
