#include "core/state/version_keys.h"

namespace wonbon {
namespace {

// Publisher and headline keys are hashes already: two odd factors tell apart what is asked.
uint64_t PublisherKey(const DocumentEntry& entry) { return entry.publisher_key; }
uint64_t MarkedKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0x9e3779b97f4a7c15;
}
uint64_t HeadlineKey(const DocumentEntry& entry) {
  return entry.publisher_key * 0xd6e8feb86659fd93 + entry.headline_key * 0xa0761d6478bd642f;
}

}  // namespace

std::vector<uint64_t> VersionKeysOf(const DocumentEntry& member) {
  if (member.publisher_key == 0) return {};
  std::vector<uint64_t> keys = {PublisherKey(member)};
  if (member.headline_key != 0) keys.push_back(HeadlineKey(member));
  if (member.version_mark != 0) keys.push_back(MarkedKey(member));
  return keys;
}

std::vector<uint64_t> VersionKeysSought(const DocumentEntry& document) {
  if (document.publisher_key == 0) return {};
  if (document.version_mark != 0) return {PublisherKey(document)};
  std::vector<uint64_t> keys = {MarkedKey(document)};
  if (document.headline_key != 0) keys.push_back(HeadlineKey(document));
  return keys;
}

}  // namespace wonbon
