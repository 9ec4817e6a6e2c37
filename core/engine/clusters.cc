// Engine: clusters, and how their ids are written.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/engine/list.h"
#include "core/engine/parts.h"
#include "core/engine/reads.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// A cluster as it was published, copied under the lock.
struct ListedCluster {
  ClusterRecord record;
  size_t size = 0;
  std::vector<DocumentEntry> members;  // only where asked for, and not of very large clusters
};

ListedCluster Copy(const MemoryState& state, const ClusterState& cluster, bool with_members) {
  ListedCluster listed{.record = cluster.record, .size = cluster.members.size(), .members = {}};
  if (!with_members || cluster.members.size() > static_cast<size_t>(kMaxPageSize)) return listed;
  for (const DocumentNumber member : cluster.members) {
    listed.members.push_back(CheckNotNull(state.FindEntry(member)));
  }
  return listed;
}

absl::StatusOr<ClusterView> ViewOf(const StoreSnapshot& store, const ListedCluster& cluster,
                                   bool with_body) {
  absl::StatusOr<DocumentContent> head =
      Present(store.ReadContent(cluster.record.canonical, with_body));
  if (!head.ok()) return head.status();
  ClusterView view{.id = cluster.record.id,
                   .canonical = MakeCanonicalCopy(*head, cluster.record.reason),
                   .size = static_cast<uint32_t>(cluster.size),
                   .sequence = cluster.record.sequence,
                   .pinned_id = "",
                   .words = cluster.record.words};
  if (cluster.record.pinned == cluster.record.canonical) view.pinned_id = head->document.id;
  view.canonical.body = std::move(head->document.body);
  return view;
}

}  // namespace

absl::StatusOr<ClusterView> Engine::GetCluster(std::string_view collection, ClusterId id,
                                               bool with_body) const {
  ListedCluster copy;
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    const absl::StatusOr<FoundCluster> cluster = ClusterIn(reader.state(), collection, id);
    if (!cluster.ok()) return cluster.status();
    copy = Copy(reader.state(), **cluster, /*with_members=*/false);
    moment = reader.moment();
  }
  return ViewOf(*moment.store, copy, with_body);
}

absl::StatusOr<Engine::ClusterPage> Engine::ListClusters(std::string_view collection,
                                                         ClusterId after, int page_size,
                                                         uint32_t min_size, bool with_members,
                                                         const ListFilter& filter) const {
  const DocumentFilter wanted(filter, parts_->preparer.identifier());
  std::vector<ListedCluster> listed;
  ClusterPage page;
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    absl::StatusOr<CollectionNumber> number = CollectionIn(reader.state(), collection);
    if (!number.ok()) return number.status();
    const MemoryState& state = reader.state();
    PageWalk walk(after, page_size, &page);
    state.WalkClusters(
        *state.collection(*number), after, filter.newest_first,
        [&](ClusterId id, const FoundCluster& cluster) {
          return walk.Visit(id, [&] {
            if (!cluster || cluster->members.size() < min_size ||
                !wanted.Passes(CheckNotNull(state.FindEntry(cluster->record.canonical)))) {
              return false;
            }
            listed.push_back(Copy(state, *cluster, with_members));
            return true;
          });
        });
    moment = reader.moment();
  }
  for (const ListedCluster& cluster : listed) {
    absl::StatusOr<ClusterView> view = ViewOf(*moment.store, cluster, /*with_body=*/false);
    if (!view.ok()) return view.status();
    for (const DocumentEntry& entry : cluster.members) {
      absl::StatusOr<std::string> id = entry.number == cluster.record.canonical
                                           ? view->canonical.document_id
                                           : ReadId(*moment.store, entry.number);
      if (!id.ok()) return id.status();
      view->members.push_back({*std::move(id), entry.relation, entry.sequence});
    }
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
