// What a store shows of itself, as one comparable value. Test only.
#pragma once

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "core/store/store.h"
#include "tests/core/store/record_equality.h"

namespace wonbon {

struct StoreImage {
  Sequence last_sequence = 0;
  std::vector<CollectionRecord> collections;
  std::vector<ClusterRecord> clusters;
  std::vector<Redirect> redirects;
  std::vector<DocumentEntry> entries;
  std::vector<Fingerprint> fingerprints;
  std::map<DocumentNumber, DocumentContent> contents;  // with bodies
  std::vector<ClusterEvent> events;                    // of collection 1

  friend bool operator==(const StoreImage&, const StoreImage&) = default;
};

inline absl::StatusOr<StoreImage> ImageOf(const Store& store) {
  StoreImage image;
  const auto snapshot = store.Snapshot();
  image.last_sequence = store.last_sequence();
  StoreSnapshot::Visitor visitor;
  visitor.collection = [&image](CollectionRecord collection) {
    image.collections.push_back(std::move(collection));
    return absl::OkStatus();
  };
  visitor.cluster = [&image](ClusterRecord cluster) {
    image.clusters.push_back(cluster);
    return absl::OkStatus();
  };
  visitor.redirect = [&image](Redirect redirect) {
    image.redirects.push_back(redirect);
    return absl::OkStatus();
  };
  visitor.document = [&](const DocumentEntry& entry, Fingerprint fingerprint) {
    image.entries.push_back(entry);
    image.fingerprints.push_back(std::move(fingerprint));
    auto content = snapshot->ReadContent(entry.number, /*with_body=*/true);
    if (!content.ok()) return content.status();
    image.contents[entry.number] = *std::move(content);
    return absl::OkStatus();
  };
  if (absl::Status status = snapshot->VisitAll(visitor); !status.ok()) return status;
  auto events = snapshot->ReadEvents(CollectionNumber{1}, 0, 1'000'000);
  if (!events.ok()) return events.status();
  image.events = *std::move(events);
  return image;
}

}  // namespace wonbon
