// Random records for the tests and the benchmark of the store. Test only.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/record.h"

namespace wonbon {

// The same seed gives the same records everywhere.
class SampleRecords {
 public:
  explicit SampleRecords(uint64_t seed) : random_(seed) {}

  uint64_t Number(uint64_t below) { return random_() % below; }
  std::string Bytes(size_t max_size);  // any bytes
  // Korean-looking words until `bytes` are reached; zstd halves it, as it does news.
  std::string Text(size_t bytes);

  DocumentEntry Entry(DocumentNumber number);
  DocumentContent Content(std::string id);  // without body
  Fingerprint MakeFingerprint(uint32_t shingles, size_t sample_size);
  // All parts of a document, its body `body_bytes` long and packed.
  NewDocument MakeDocument(uint64_t number, std::string id, size_t body_bytes);
  ClusterRecord Cluster(ClusterId id);
  ClusterEvent Event(Sequence sequence, CollectionNumber collection);
  CollectionRecord Collection(CollectionNumber number);
  // Ascending and distinct, at most `max_size`.
  std::vector<uint32_t> Ascending(size_t max_size);
  // Something of everything that a change can have; what it names need not be there.
  Change AnyChange(Sequence sequence);

 private:
  std::vector<Evidence> MakeEvidence(size_t max_size);

  std::mt19937_64 random_;
};

// A document founding a cluster of its own in collection 1, as the engine writes it: document,
// cluster and event.
Change FoundingChange(SampleRecords* records, Sequence sequence, std::string id,
                      size_t body_bytes = 400);
// A change that merges cluster `from` into `to`, and nothing else.
Change MergingChange(Sequence sequence, ClusterId from, ClusterId to);

}  // namespace wonbon
