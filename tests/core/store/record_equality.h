// Field by field equality of records, for expectations. Test only.
#pragma once

#include "core/record.h"

namespace wonbon {

inline bool operator==(const DocumentEntry& a, const DocumentEntry& b) {
  return a.number == b.number && a.collection == b.collection && a.cluster == b.cluster &&
         a.sequence == b.sequence && a.relation == b.relation &&
         a.flags == b.flags && a.founded == b.founded &&
         a.headline_key == b.headline_key && a.version_mark == b.version_mark &&
         a.bands == b.bands && a.shingles == b.shingles && a.published_us == b.published_us &&
         a.first_published_us == b.first_published_us && a.received_us == b.received_us &&
         a.url_key == b.url_key && a.publisher_key == b.publisher_key;
}

inline bool operator==(const Document& a, const Document& b) {
  return a.id == b.id && a.title == b.title && a.body == b.body &&
         a.content_type == b.content_type && a.publisher == b.publisher && a.url == b.url &&
         a.published_at == b.published_at && a.byline == b.byline && a.section == b.section &&
         a.labels == b.labels;
}

inline bool operator==(const Evidence& a, const Evidence& b) {
  return a.number == b.number && a.relation == b.relation && a.jaccard == b.jaccard &&
         a.containment == b.containment && a.containment_in == b.containment_in &&
         a.score == b.score;
}

inline bool operator==(const AnswerRecord& a, const AnswerRecord& b) {
  return a.matches == b.matches && a.links == b.links && a.merged == b.merged &&
         a.moved == b.moved && a.moved_documents == b.moved_documents;
}

inline bool operator==(const DocumentContent& a, const DocumentContent& b) {
  return a.document == b.document && a.identity == b.identity && a.answer == b.answer;
}

inline bool operator==(const Fingerprint& a, const Fingerprint& b) {
  return a.exact_key == b.exact_key && a.url_key == b.url_key && a.shingles == b.shingles &&
         a.sketch.bins == b.sketch.bins && a.sample == b.sample;
}

inline bool operator==(const ClusterRecord& a, const ClusterRecord& b) {
  return a.id == b.id && a.collection == b.collection && a.canonical == b.canonical &&
         a.pinned == b.pinned && a.reason == b.reason && a.sequence == b.sequence &&
         a.words == b.words;
}

inline bool operator==(const Redirect& a, const Redirect& b) {
  return a.from == b.from && a.to == b.to;
}

inline bool operator==(const CollectionRecord& a, const CollectionRecord& b) {
  return a.number == b.number && a.name == b.name && a.created_at == b.created_at &&
         a.settings.preferred_publishers == b.settings.preferred_publishers &&
         a.settings.wire_publishers == b.settings.wire_publishers &&
         a.settings.retention == b.settings.retention && a.publisher_ranks == b.publisher_ranks;
}

inline bool operator==(const Tombstone& a, const Tombstone& b) {
  return a.collection == b.collection && a.id == b.id && a.reason == b.reason &&
         a.deleted_at == b.deleted_at && a.sequence == b.sequence && a.blocked == b.blocked;
}

inline bool operator==(const ClusterEvent& a, const ClusterEvent& b) {
  return a.sequence == b.sequence && a.type == b.type && a.collection == b.collection &&
         a.cluster == b.cluster && a.document_id == b.document_id &&
         a.other_cluster == b.other_cluster && a.committed_us == b.committed_us;
}

inline bool operator==(const NewDocument& a, const NewDocument& b) {
  return a.entry == b.entry && a.content == b.content && a.packed_body == b.packed_body &&
         a.fingerprint == b.fingerprint && a.counted_shingles == b.counted_shingles;
}

inline bool operator==(const RemovedDocument& a, const RemovedDocument& b) {
  return a.number == b.number && a.collection == b.collection && a.id == b.id &&
         a.tombstone == b.tombstone && a.counted_shingles == b.counted_shingles;
}

inline bool operator==(const BandPosting& a, const BandPosting& b) {
  return a.number == b.number && a.bands == b.bands;
}

inline bool operator==(const SamplePosting& a, const SamplePosting& b) {
  return a.number == b.number && a.posted == b.posted && a.sample == b.sample;
}

inline bool operator==(const Change& a, const Change& b) {
  return a.sequence == b.sequence && a.previous == b.previous && a.time_us == b.time_us &&
         a.added == b.added && a.changed == b.changed && a.removed == b.removed &&
         a.clusters == b.clusters && a.redirects == b.redirects && a.dropped == b.dropped &&
         a.band_postings == b.band_postings && a.sample_postings == b.sample_postings &&
         a.events == b.events && a.collections == b.collections &&
         a.dropped_collections == b.dropped_collections && a.tombstones == b.tombstones &&
         a.families == b.families && a.dropped_families == b.dropped_families;
}

}  // namespace wonbon
