#include "core/state/digest.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "xxhash.h"

namespace wonbon {
namespace {

class Digest {
 public:
  Digest() : state_(XXH3_createState(), &XXH3_freeState) { XXH3_128bits_reset(state_.get()); }

  // `encode` appends a record to a string; the number before it is its key.
  template <typename Encode>
  void Add(uint64_t key, Encode encode) {
    record_.clear();
    encode(&record_);
    const uint64_t head[] = {key, record_.size()};
    XXH3_128bits_update(state_.get(), head, sizeof head);
    XXH3_128bits_update(state_.get(), record_.data(), record_.size());
  }
  std::string Finish() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
  }

 private:
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
  std::string record_;
};

template <typename Number>
uint64_t Key(Number number) {
  return static_cast<uint64_t>(number);
}

}  // namespace

std::string StateDigest(const MemoryState& state) {
  Digest digest;
  std::vector<CollectionNumber> numbers;
  for (const auto& [name, number] : state.collection_names()) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  for (const CollectionNumber number : numbers) {
    const MemoryState::Collection& collection = CheckNotNull(state.collection(number));
    digest.Add(Key(number),
               [&](std::string* out) { EncodeCollection(collection.record, out); });
    const auto add = [&](ClusterId id, const FoundCluster& cluster) {
      if (!cluster) return true;
      digest.Add(Key(id), [&](std::string* out) { EncodeCluster(cluster->record, out); });
      for (const DocumentNumber member : cluster->members) {
        const DocumentEntry entry = CheckNotNull(state.FindEntry(member));
        digest.Add(Key(member), [&](std::string* out) { EncodeEntry(entry, out); });
      }
      return true;
    };
    state.WalkClusters(collection, ClusterId::kNone, /*newest_first=*/false, add);
  }
  for (const auto& [number, family] : state.families()) {
    digest.Add(Key(number), [&record = family](std::string* out) { EncodeFamily(record, out); });
  }
  std::vector<Redirect> redirects = state.redirects();
  std::sort(redirects.begin(), redirects.end(),
            [](const Redirect& a, const Redirect& b) { return a.from < b.from; });
  for (const Redirect& redirect : redirects) {
    digest.Add(Key(redirect.from),
               [&](std::string* out) { EncodeRedirect(redirect.to, out); });
  }
  return digest.Finish();
}

}  // namespace wonbon
