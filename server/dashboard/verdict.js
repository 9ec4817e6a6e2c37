// Why two texts are one article, or are not, in an editor's sentence. The English words are those
// of `wonbon compare`.
import { h, table } from './dom.js';
import { decimal, percent } from './format.js';
import { relation } from './terms.js';
import { language, t } from './words.js';

const LEAST = 0.0005;  // less weighs nothing
const NAMED = 2;       // reasons on either side of the sentence

const RULES = {
  same_text: ['두 글이 글자 하나, 숫자 하나까지 똑같습니다.',
    'Both texts are the same, letter for letter and number for number.'],
  notice: ['기사가 아니라 안내문입니다. 어느 쪽 제목도 이 글의 것이 아닙니다.',
    'A notice in place of an article: neither headline is about this text.'],
  short_text: ['너무 짧아 판정할 수 없습니다. 이런 글은 본문과 제목이 모두 같아야 한 기사로 봅니다.',
    'Too short to judge by: such texts count as one article only if text and headline are the same.'],
  revision: ['한 페이지를 하루 안에 고쳐 쓴 것입니다.', 'One page, told anew within a day.'],
  version: ['한 언론사가 자기 기사를 이어 쓴 다음 판입니다.',
    "One publisher's next version of its own story."],
  nothing_shared: ['두 글에 겹치는 것이 거의 없습니다.',
    'The texts have next to nothing in common.'],
  other_numbers: ['문장은 같고 숫자가 다릅니다. 한 서식에 담긴 다른 내용입니다.',
    'The same sentences with other numbers: one form, other facts.'],
  serial_headline: ['제목이 숫자만 다릅니다. 연재물의 서로 다른 회입니다.',
    'The headlines differ in their numbers alone: issues of a series.'],
  caption_other_moment: ['제목과 글이 다른 두 사진 설명입니다.',
    'Two photo captions that differ in headline and text.'],
  short_other_headline: ['한 언론사의, 제목이 다른 단신입니다.',
    'Short items of one publisher under different headlines.'],
  short_other_day: ['한 언론사의, 며칠 떨어진 단신입니다.',
    'Short items of one publisher, days apart.'],
  other_day: ['한 서식으로 다른 날을 이야기합니다.', 'One form, told of another day.'],
  other_names: ['한 서식입니다. 제목마다 제 본문에만 있는 것을 말합니다.',
    'One form: each headline names what its own text alone knows.'],
  url_reused: ['주소는 같지만 글과 날짜가 다릅니다.',
    'One address, but another text, and another day.'],
  next_stage: ['나중 제목이 사건의 다음 단계를 알립니다.',
    'The later headline announces the next stage of the case.'],
  round_up: ['하나가 다른 하나 속에, 다른 소식들과 함께 들어 있습니다.',
    'One stands in the other, among other items.'],
  cut_copy: ['하나의 전부가 같은 제목과 첫머리로 다른 하나에 들어 있습니다.',
    'The whole of one stands in the other, under the same headline and lead.'],
  little_shared: ['다른 것은 맞지만, 한 기사라기에는 겹치는 것이 너무 적습니다.',
    'Much else fits, but the texts have too little in common for one article.'],
};

// By the beginning of a feature's name; the first that fits.
const SUBJECTS = [
  ['numbers_', '숫자', 'the numbers'],
  ['title_numbers', '제목의 숫자', 'the numbers of the headlines'],
  ['title_other_numbers', '제목의 숫자', 'the numbers of the headlines'],
  ['title_stages', '사건의 단계', 'the stage of the story'],
  ['new_case_stage', '사건의 단계', 'the stage of the story'],
  ['own_update', '사건의 단계', 'the stage of the story'],
  ['own_title_pieces', '제목', 'the headlines'],
  ['own_lead_pieces', '첫머리', 'how they begin'],
  ['both_notices', '제목', 'the headlines'],
  ['other_day', '가리키는 날', 'the days they name'],
  ['title_', '제목', 'the headlines'],
  ['longer_title', '제목', 'the headlines'],
  ['longer_lead', '첫머리', 'how they begin'],
  ['both_leads', '첫머리', 'how they begin'],
  ['longer_in_shorter', '겹치는 표현', 'the wording in common'],
  ['longer_', '긴 쪽이 더한 것', 'what the longer one adds'],
  ['jaccard', '겹치는 표현', 'the wording in common'],
  ['shorter_in_longer', '겹치는 표현', 'the wording in common'],
  ['rare_', '겹치는 표현', 'the wording in common'],
  ['longest_run', '겹치는 표현', 'the wording in common'],
  ['in_one_piece', '겹치는 표현', 'the wording in common'],
  ['order_kept', '겹치는 표현', 'the wording in common'],
  ['both_captions', '둘 다 사진 설명인 점', 'that both are photo captions'],
  ['same_publisher', '언론사', 'the publishers'],
  ['same_url', '주소', 'the addresses'],
  ['days_apart', '시간 간격', 'the time between them'],
  ['length_ratio', '길이', 'their lengths'],
  ['shorter_length', '길이', 'their lengths'],
];

const pick = (korean, english) => (language() === 'ko' ? korean : english);

export function subject(feature) {
  const found = SUBJECTS.find(([start]) => feature.startsWith(start));
  return found ? pick(found[1], found[2]) : feature;
}

// Features of one subject speak together: [{subject, weight}], heaviest first.
export function reasons(comparison) {
  const sums = new Map();
  for (const feature of comparison.features || []) {
    const name = subject(feature.name);
    sums.set(name, (sums.get(name) || 0) + (feature.contribution || 0));
  }
  return [...sums].map(([name, weight]) => ({ subject: name, weight }))
    .filter(({ weight }) => Math.abs(weight) >= LEAST)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

// "숫자와 제목", "the numbers and the headlines"
function both([first, second]) {
  if (!second) return first || '';
  if (language() !== 'ko') return `${first} and ${second}`;
  const ends = (first.charCodeAt(first.length - 1) - 0xac00) % 28 > 0;  // in a consonant
  return `${first}${ends ? '과' : '와'} ${second}`;
}

export function why(comparison) {
  if (comparison.rule !== 'model') {
    const rule = RULES[comparison.rule];
    return rule ? pick(...rule) : pick(`${comparison.rule} 규칙으로 정했습니다.`,
      `Decided by the rule ${comparison.rule}.`);
  }
  const same = Boolean(comparison.sameArticle);
  const named = (side) => both(reasons(comparison).filter(({ weight }) => (weight > 0) === side)
    .slice(0, NAMED).map((reason) => reason.subject));
  const withIt = named(same);
  const against = named(!same);
  if (language() === 'ko') {
    const first = withIt ? `${same ? '같은' : '다른'} 기사로 보는 까닭은 ${withIt}입니다.`
      : '하나만으로 결정적인 것은 없습니다.';
    return against ? `${first} 반대쪽에 있는 것은 ${against}입니다.` : first;
  }
  const first = same ? 'For one article' : 'Against one article';
  return `${first}${withIt ? `: ${withIt}` : ' nothing speaks alone'}${against
    ? `; ${same ? 'against it' : 'for it'}: ${against}` : ''}.`;
}

// The verdict with its numbers; where the model decided, with a table of what weighed how much.
export function verdict(comparison) {
  return h('section', { class: comparison.sameArticle ? 'verdict same' : 'verdict other' },
    h('h2', { tabindex: -1 }, t(comparison.sameArticle ? 'compare.same' : 'compare.other')),
    h('p', { class: 'why' }, why(comparison)),
    h('p', { class: 'meta' },
      h('span', { class: 'chip' }, relation(comparison.relation)),
      h('span', {}, t('compare.probability', { share: percent(Math.min(comparison.score || 0, 0.999)) })),
      h('span', {}, t('compare.inside', {
        a: percent(comparison.containment || 0, 0), b: percent(comparison.containmentIn || 0, 0),
      }))),
    comparison.rule === 'model' ? weights(comparison) : null);
}

function weights(comparison) {
  const rows = reasons(comparison).slice(0, 8);
  if (!rows.length) return null;
  const most = Math.max(...rows.map((row) => Math.abs(row.weight)));
  return h('details', {}, h('summary', {}, t('compare.why')),
    table(t('compare.why'), [
      { name: t('compare.feature'), cell: (row) => row.subject },
      { name: t('compare.weight'), cell: (row) => weight(row.weight, most) },
      {
        name: t('compare.value'),
        number: true,
        cell: (row) => `${row.weight > 0 ? '+' : ''}${decimal(row.weight, 2)} ${
          t(row.weight > 0 ? 'compare.for' : 'compare.against')}`,
      },
    ], rows));
}

// A bar from the middle: to the right what speaks for one article.
function weight(value, most) {
  const width = (Math.abs(value) / most) * 50;
  return h('svg:svg', {
    class: 'weight', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true',
  },
  h('svg:rect', {
    class: value > 0 ? 'for' : 'against', x: value > 0 ? 50 : 50 - width, y: 1, width, height: 8,
  }),
  h('svg:path', { class: 'axis', d: 'M50 0V10' }));
}
