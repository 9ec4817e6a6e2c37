// The contract's own values in words: relations, reasons, events, errors.
import { Gone } from './api.js';
import { language, t } from './words.js';

const pick = (pair) => pair[language() === 'ko' ? 0 : 1];

const RELATIONS = {
  UNIQUE: ['겹치는 것 없음', 'nothing in common'],
  EXACT: ['똑같음', 'exact copy'],
  NEAR: ['같은 기사', 'same article'],
  REVISION: ['새 판', 'revision'],
  EXCERPT: ['다른 기사에 인용됨', 'excerpt'],
  EMBEDS: ['다른 기사를 담음', 'embeds another'],
  OVERLAP: ['일부 겹침', 'overlap'],
  TEMPLATE: ['같은 서식, 다른 내용', 'same form, other facts'],
};
// "RELATION_NEAR" -> "NEAR"
export const bare = (value) => (value || '').replace(/^[A-Z]+?_/, '');
export function relation(value) {
  const name = bare(value);
  return RELATIONS[name] ? pick(RELATIONS[name]) : name;
}

// Of a document to the cluster that it is in.
export function memberRelation(value) {
  return bare(value) === 'UNIQUE' ? pick(['처음 들어옴', 'came first']) : relation(value);
}

const REASONS = {
  ONLY_DOCUMENT: ['이 묶음의 하나뿐인 기사입니다.', 'It is the only document of the cluster.'],
  PINNED: ['편집자가 원본으로 고정했습니다.', 'An editor pinned it.'],
  PREFERRED_PUBLISHER: ['이 컬렉션이 우선하는 언론사의 기사입니다.',
    'It is from a publisher that this collection prefers.'],
  WIRE_ORIGIN: ['이 소식을 처음 내보낸 통신사의 기사입니다.',
    'It is from the news agency that the story comes from.'],
  COMPLETE: ['먼저 나왔거나 함께 나온 다른 사본은 잘렸거나, 뒤에 다른 글이 붙었거나, 덜 온전합니다.',
    'The copies published before it, or with it, are cut, have a tail of their own, or are less full.'],
  EARLIEST: ['가장 먼저 나온 기사입니다.', 'It was published first.'],
  SMALLEST_ID: ['함께 나온 똑같이 온전한 기사 가운데 ID가 앞섭니다.',
    'Of those published at the same time and as full, its id is the smallest.'],
  LATEST_REVISION: ['가장 먼저 나온 기사의, 그 언론사가 낸 마지막 판입니다.',
    "It is the publisher's newest version of the article that was published first."],
};
export function canonicalReason(value) {
  const name = (value || '').replace('CANONICAL_REASON_', '');
  return REASONS[name] ? pick(REASONS[name]) : name;
}

const ACTS = {
  PIN: ['{document} 기사를 원본으로 고정', 'pinned {document}'],
  UNPIN: ['{document} 기사의 고정을 풂', 'took the pin off {document}'],
  MERGE: ['{clusters} 묶음을 합침', 'merged {clusters}'],
  SPLIT: ['{clusters} 묶음과 나눔', 'split from {clusters}'],
};
export function editorialAct(word) {
  const name = (word.act || '').replace('EDITORIAL_ACT_', '');
  if (!ACTS[name]) return name;
  return pick(ACTS[name]).replace('{document}', word.documentId || '')
    .replace('{clusters}', (word.clusterIds || []).join(', '));
}

const EVENTS = {
  CREATED: ['새 기사 {document}', '{document} is a new article'],
  JOINED: ['{document} 기사가 들어옴', '{document} joined'],
  LEFT: ['{document} 기사가 나감', '{document} left'],
  MERGED: ['{other} 묶음이 합쳐짐', '{other} was merged into it'],
  SPLIT: ['{other} 묶음이 떨어져 나감', '{other} was split off'],
  CANONICAL_CHANGED: ['원본이 {document} 기사로 바뀜', '{document} stands for it now'],
  DELETED: ['{document} 기사가 지워짐', '{document} was deleted'],
  EXPIRED: ['{document} 기사의 보관 기간이 끝남', '{document} expired'],
  PINNED: ['편집자가 {document} 기사를 고정', 'an editor pinned {document}'],
  UNPINNED: ['편집자가 {document} 기사의 고정을 풂', 'an editor took the pin off {document}'],
};
export const eventName = (event) => (event.type || '').replace('CLUSTER_EVENT_TYPE_', '');
export function eventWords(event) {
  const name = eventName(event);
  if (!EVENTS[name]) return name;
  return pick(EVENTS[name]).replace('{document}', event.documentId || '')
    .replace('{other}', event.otherClusterId || '');
}

const ERRORS = {
  KEY_MISSING: ['이 서버는 키를 보여 주어야 합니다.', 'The server wants a key to be shown.'],
  KEY_UNKNOWN: ['이 서버가 모르는 키입니다.', 'The server does not know this key.'],
  KEY_EXPIRED: ['기한이 지난 키입니다.', 'The key has expired.'],
  KEY_REVOKED: ['취소된 키입니다.', 'The key was revoked.'],
  ROLE_TOO_LOW: ['이 키로는 할 수 없는 일입니다.', 'The key may not do this.'],
  COLLECTION_NOT_ALLOWED: ['이 키로는 볼 수 없는 컬렉션입니다.',
    'The key is not for this collection.'],
  COLLECTION_NOT_FOUND: ['그런 컬렉션이 없습니다.', 'There is no such collection.'],
  CLUSTER_NOT_FOUND: ['그런 묶음이 없습니다.', 'There is no such cluster.'],
  DOCUMENT_NOT_FOUND: ['그런 기사가 없습니다.', 'There is no such document.'],
  DOCUMENT_DELETED: ['지워진 기사입니다.', 'The document was deleted.'],
  NOT_IN_CLUSTER: ['그 기사는 이 묶음에 없습니다.', 'The document is not of this cluster.'],
  NOTHING_STAYS: ['묶음의 글을 모두 떼어낼 수는 없습니다. 똑같은 글은 함께 움직입니다.',
    'Something must stay: copies of one text go together.'],
  FAMILY_TOO_LARGE: ['이 묶음들과 비슷한 글이 너무 많아(64건 초과) 편집할 수 없습니다.',
    'These clusters and those like them have more than 64 texts together.'],
  READ_ONLY: ['운영자가 쓰기를 막았습니다.', 'An operator has the server read-only.'],
  DISK_FULL: ['디스크가 가득 차 쓸 수 없습니다.', 'The disk is full.'],
  BACKUP_FOLDER_UNUSABLE: ['백업 폴더를 쓸 수 없습니다 (--backup-dir).',
    'There is no usable folder of backups (--backup-dir).'],
  BACKUP_RUNNING: ['백업이나 확인이 벌써 돌고 있습니다.',
    'A backup is being made or verified already.'],
  RATE_LIMITED: ['이 키의 요청 한도를 넘었습니다. 잠시 뒤에 다시 해 보세요.',
    'The key has no requests left; try again in a moment.'],
};
// An error for people: what it means, and what the server said.
export function explain(error) {
  if (error instanceof Gone) return t('away');
  const known = ERRORS[error.reason];
  if (known && error.reason.startsWith('KEY_')) return pick(known);
  return known ? `${pick(known)} (${error.message})` : error.message;
}
