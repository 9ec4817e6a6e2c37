// Forms that come again and again with other facts: weather, tickers, personnel notices. Of the
// newest documents those that were decided as TEMPLATE, by what of a headline mostly belongs to its
// form: the tag before it, or its last two words.
import { h, replace, table } from './dom.js';
import { ago, count } from './format.js';
import { bare } from './terms.js';
import { t } from './words.js';

const STEP = 1000;  // documents read at a time
const SHOWN = 100;  // forms

// "[오늘의 날씨] 서울 낮 최고 3도" -> "[오늘의 날씨]"; "바로전자, 장중 3.1% 상승" -> "… #% 상승"
function formOf(title) {
  const masked = title.normalize('NFKC').replace(/\d[\d.,:/]*/g, '#').trim();
  const tag = /^(\[[^\]]+\]|<[^>]+>|【[^】]+】)/.exec(masked);
  if (tag) return tag[1];
  const words = masked.split(/\s+/);
  return words.length > 2 ? `… ${words.slice(-2).join(' ')}` : masked;
}

export async function open(view) {
  const documents = [];
  let token = '';
  const further = async () => {
    const page = await view.call('DedupService/ListDocuments', {
      collection: view.collection, pageSize: STEP, newestFirst: true, pageToken: token,
    });
    documents.push(...(page.documents || []));
    token = page.nextPageToken;
    draw(view, documents, token ? h('p', {}, h('button', {
      onclick: () => further().catch(view.fail),
    }, t('forms.further', { count: count(STEP) }))) : null);
  };
  await further();
}

function draw(view, documents, more) {
  const forms = new Map();
  let found = 0;
  for (const stored of documents) {
    if (bare(stored.relation) !== 'TEMPLATE') continue;
    ++found;
    const name = formOf(stored.document.title || t('clusters.untitled'));
    if (!forms.has(name)) forms.set(name, []);
    forms.get(name).push(stored);
  }
  const rows = [...forms].map(([name, own]) => ({ name, own }))
    .filter(({ own }) => own.length > 1).sort((a, b) => b.own.length - a.own.length)
    .slice(0, SHOWN);
  const lead = t(rows.length ? 'forms.lead' : 'forms.empty',
    { count: count(documents.length), forms: count(found) });
  replace(view.root, h('h1', {}, t('page.forms')), h('p', { class: 'lead' }, lead),
    rows.length ? table(t('page.forms'), columns(view), rows) : null, more);
}

const columns = (view) => [
  { name: t('forms.form'), cell: ({ name }) => h('strong', {}, name) },
  { name: t('forms.documents'), number: true, cell: ({ own }) => count(own.length) },
  {
    name: t('forms.clusters'),
    number: true,
    cell: ({ own }) => count(new Set(own.map((stored) => stored.clusterId)).size),
  },
  {
    name: t('forms.publishers'),
    cell: ({ own }) => [...new Set(own.map((stored) => stored.document.publisher)
      .filter(Boolean))].slice(0, 3).join(', '),
  },
  {
    name: t('forms.example'),
    cell: ({ own }) => h('a', { href: view.link(`cluster/${own[0].clusterId}`) },
      own[0].document.title),
  },
  { name: t('forms.last'), cell: ({ own }) => ago(own[0].receivedAt) },
];
