// Engine: clusters, and how their ids are written.
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/error.h"

namespace wonbon {
namespace {

// A cluster as it was published, copied under the lock.
struct ListedCluster {
  ClusterState cluster;
  std::vector<DocumentEntry> members;  // only where asked for, and not of very large clusters
};

ListedCluster Copy(const MemoryState& state, const ClusterState& cluster, bool with_members) {
  ListedCluster listed{.cluster = cluster, .members = {}};
  if (!with_members || cluster.members.size() > static_cast<size_t>(kMaxPageSize)) return listed;
  for (const DocumentNumber member : cluster.members) {
    listed.members.push_back(*state.FindEntry(member));
  }
  return listed;
}

}  // namespace

absl::StatusOr<ClusterView> Engine::GetCluster(std::string_view collection, ClusterId id,
                                               bool with_body) const {
  return parts_->ReadPublished([&]() -> absl::StatusOr<ClusterView> {
    absl::StatusOr<ClusterState> cluster = parts_->FindCluster(collection, id);
    if (!cluster.ok()) return cluster.status();
    return parts_->ViewOf(*cluster, with_body);
  });
}

absl::StatusOr<Engine::ClusterPage> Engine::ListClusters(std::string_view collection,
                                                         ClusterId after, int page_size,
                                                         uint32_t min_size,
                                                         bool with_members) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  std::vector<ListedCluster> listed;
  ClusterPage page;
  {
    absl::ReaderMutexLock lock(&parts_->mutex);
    const auto* found = parts_->state.collection(*number);
    if (found == nullptr) return CollectionNotFound(collection);
    for (auto place = found->clusters.upper_bound(after); place != found->clusters.end(); ++place) {
      if (place->second.members.size() < min_size) continue;
      if (listed.size() == static_cast<size_t>(page_size)) {
        page.next = listed.back().cluster.record.id;
        break;
      }
      listed.push_back(Copy(parts_->state, place->second, with_members));
    }
  }
  for (ListedCluster& item : listed) {
    const ClusterId id = item.cluster.record.id;
    // Read once each, however often the cluster changes meanwhile.
    absl::flat_hash_map<DocumentNumber, std::string> ids;
    bool stale = false;
    const auto read = [&]() -> absl::StatusOr<ClusterView> {
      if (std::exchange(stale, true)) {
        absl::ReaderMutexLock lock(&parts_->mutex);
        const ClusterState* cluster = parts_->state.FindCluster(id);
        if (cluster == nullptr || cluster->members.size() < min_size) {
          return absl::NotFoundError("merged, emptied or shrunk since");
        }
        item = Copy(parts_->state, *cluster, with_members);
      }
      absl::StatusOr<ClusterView> view = parts_->ViewOf(item.cluster, /*with_body=*/false);
      if (!view.ok()) return view.status();
      ids[item.cluster.record.canonical] = view->canonical.document_id;
      for (const DocumentEntry& entry : item.members) {
        const auto [known, is_new] = ids.try_emplace(entry.number);
        if (is_new) {
          absl::StatusOr<DocumentContent> head = parts_->ReadContent(entry.number, false);
          if (!head.ok()) {
            ids.erase(known);
            return head.status();
          }
          known->second = std::move(head->document.id);
        }
        view->members.push_back({known->second, entry.relation, entry.sequence});
      }
      return view;
    };
    absl::StatusOr<ClusterView> view = parts_->ReadPublished(read);
    if (absl::IsNotFound(view.status())) continue;
    if (!view.ok()) return view.status();
    page.clusters.push_back(*std::move(view));
  }
  return page;
}

std::string FormatClusterId(ClusterId id) {
  return id == ClusterId::kNone ? "" : absl::StrCat("c", static_cast<uint64_t>(id));
}

std::optional<ClusterId> ParseClusterId(std::string_view text) {
  uint64_t number = 0;
  if (text.size() < 2 || text[0] != 'c' || text[1] == '0' || text[1] == '+' ||
      !absl::SimpleAtoi(absl::string_view(text.data() + 1, text.size() - 1), &number)) {
    return std::nullopt;
  }
  return static_cast<ClusterId>(number);
}

}  // namespace wonbon
