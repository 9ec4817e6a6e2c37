#include "core/state/version_keys.h"

#include "core/document_time.h"

namespace wonbon {
namespace {

// Publisher and headline keys are hashes already: odd factors tell apart what is asked.
uint64_t PublisherKey(const DocumentEntry& entry) { return entry.publisher_key; }
uint64_t MarkedKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0x9e3779b97f4a7c15;
}
uint64_t HeadlineKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0xd6e8feb86659fd93 +
         uint64_t{entry.headline_key} * 0xa0761d6478bd642f;
}
// What a publisher's document looks like: two of one face are copies.
uint64_t FaceKey(const DocumentEntry& entry, absl::uint128 text) {
  return entry.publisher_key * 0xe7037ed1a0b428db +
         uint64_t{entry.headline_key} * 0x8ebc6af09c88c6e3 +
         uint64_t{entry.version_mark} * 0x589965cc75374cc3 + absl::Uint128Low64(text);
}
// Of a publisher with documents of more than one face.
uint64_t FacesKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0x1d8e4e27c47d124f;
}
// Of a publisher with documents whose first version was published earlier than they: a copy that
// comes later may be published before them, and stand for the article then.
uint64_t RepublishedKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0x94d049bb133111eb;
}

bool HasTime(const DocumentEntry& entry) {
  return entry.published_us != entry.received_us &&
         IsPlausible(entry.published_us, entry.received_us);
}
bool AreAlike(const DocumentEntry& a, const DocumentEntry& b) {
  return a.publisher_key != 0 && a.publisher_key == b.publisher_key && a.headline_key != 0 &&
         a.headline_key == b.headline_key && a.version_mark == b.version_mark && HasTime(a) &&
         HasTime(b);
}

}  // namespace

void VersionKeys::Keep(const DocumentEntry& member, absl::uint128 text) {
  if (first_us_ > last_us_) like_ = member;
  all_alike_ &= AreAlike(member, like_);
  first_us_ = std::min(first_us_, member.published_us);
  last_us_ = std::max(last_us_, member.published_us);
  if (member.publisher_key == 0) return;
  const bool known = !keys_.insert(PublisherKey(member)).second;
  const bool new_face = keys_.insert(FaceKey(member, text)).second;
  if (known && new_face) keys_.insert(FacesKey(member));
  if (member.headline_key != 0) keys_.insert(HeadlineKey(member));
  if (member.version_mark != 0) keys_.insert(MarkedKey(member));
  if (member.published_us != member.first_published_us) keys_.insert(RepublishedKey(member));
}

VersionAnswer VersionKeys::Ask(const DocumentEntry& document, absl::uint128 text) const {
  if (document.publisher_key == 0 || !keys_.contains(PublisherKey(document))) {
    return {.series_us = kNoSeries};
  }
  const bool is_series =
      all_alike_ && AreAlike(document, like_) && !keys_.contains(FaceKey(document, text));
  const int64_t farthest_us =
      std::max(document.published_us - first_us_, last_us_ - document.published_us);
  const bool related =
      document.version_mark != 0 || keys_.contains(MarkedKey(document)) ||
      (document.headline_key != 0 && keys_.contains(HeadlineKey(document)));
  return {.related = related,
          .only_copies = keys_.contains(FaceKey(document, text)) &&
                         !keys_.contains(FacesKey(document)) &&
                         !keys_.contains(RepublishedKey(document)),
          .series_us = is_series ? farthest_us : kNoSeries};
}

}  // namespace wonbon
