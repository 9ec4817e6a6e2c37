// Engine: clusters, and how their ids are written.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/engine/list.h"
#include "core/engine/parts.h"
#include "core/engine/reads.h"
#include "core/engine/title_words.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// A cluster as it was published, copied under the lock.
struct ListedCluster {
  ClusterRecord record;
  size_t size = 0;
  DocumentNumber newest = DocumentNumber::kNone;
  int64_t last_received_us = 0;
  std::vector<DocumentEntry> members;  // only where asked for, and not of very large clusters
};

ListedCluster Copy(const MemoryState& state, const ClusterState& cluster, bool with_members) {
  const DocumentNumber newest = cluster.members.back();
  ListedCluster listed{.record = cluster.record,
                       .size = cluster.members.size(),
                       .newest = newest,
                       .last_received_us = CheckNotNull(state.FindEntry(newest)).received_us,
                       .members = {}};
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
                   .words = cluster.record.words,
                   .last_received = absl::FromUnixMicros(cluster.last_received_us),
                   .members = {}};
  if (cluster.record.pinned == cluster.record.canonical) view.pinned_id = head->document.id;
  view.canonical.body = std::move(head->document.body);
  return view;
}

ClusterPosition PositionOf(const ListedCluster& cluster, ClusterOrder order) {
  if (order == ClusterOrder::kNewestDocument) {
    return {.number = static_cast<uint64_t>(cluster.newest)};
  }
  return {.size = order == ClusterOrder::kLargest ? cluster.size : 0,
          .number = static_cast<uint64_t>(cluster.record.id)};
}

// Copies the clusters that a query asks for and memory alone can tell of.
class ClusterLister {
 public:
  ClusterLister(const MemoryState& state, CollectionNumber collection, const ClusterQuery& query,
                const Identifier& identifier, Engine::ClusterPage* page)
      : state_(state),
        collection_(*state.collection(collection)),
        query_(query),
        canonical_(query.canonical, identifier),
        member_({.publisher = query.member_publisher}, identifier),
        page_(*page) {}

  // At most `page_size` behind `after`; where there may be more, page->next is set.
  std::vector<ListedCluster> List(ClusterPosition after, int page_size) {
    const ClusterId id{after.number};
    switch (query_.order) {
      case ClusterOrder::kLargest:
        Walk(collection_.by_size, SizedCluster{.size = after.size, .id = id}, page_size, true,
             [this](const SizedCluster& sized) {
               if (sized.size < query_.min_size) return Listing::kEnd;
               return Look(CheckAt(collection_.clusters, sized.id));
             });
        break;
      case ClusterOrder::kNewestDocument:
        // Of the documents, newest first, those that are the newest of their cluster.
        Walk(collection_.numbers, DocumentNumber{after.number}, page_size, true,
             [this](DocumentNumber number) {
               const FoundCluster cluster =
                   state_.FindCluster(CheckNotNull(state_.FindEntry(number)).cluster);
               return cluster->members.back() == number ? Look(*cluster) : Listing::kPassedOver;
             });
        break;
      case ClusterOrder::kOldest:
      case ClusterOrder::kNewest:
        WalkById(id, page_size, query_.order == ClusterOrder::kNewest);
        break;
    }
    return std::move(listed_);
  }

 private:
  // Of a walk: as in Engine::DocumentPage.
  template <typename Key>
  struct Walked {
    Key next = Key::kNone;
    size_t& scanned;
  };
  template <typename Ordered, typename Key, typename List>
  void Walk(const Ordered& ordered, Key after, int page_size, bool descending, const List& list) {
    Walked<Key> walked{.scanned = page_.scanned};
    PageWalk walk(after, page_size, &walked);
    wonbon::Walk(ordered, after, descending, [&](const Key& key) {
      return walk.Visit(key, [&] { return list(key); });
    });
    if (walked.next != Key::kNone) page_.next = PositionAt(walked.next);
  }
  void WalkById(ClusterId after, int page_size, bool descending) {
    Walked<ClusterId> walked{.scanned = page_.scanned};
    PageWalk walk(after, page_size, &walked);
    const auto visit = [&](ClusterId id, const FoundCluster& cluster) {
      return walk.Visit(id, [&] { return cluster ? Look(*cluster) : Listing::kPassedOver; });
    };
    state_.WalkClusters(collection_, after, descending, visit);
    if (walked.next != ClusterId::kNone) page_.next = PositionAt(walked.next);
  }
  static ClusterPosition PositionAt(SizedCluster sized) {
    return {.size = sized.size, .number = static_cast<uint64_t>(sized.id)};
  }
  template <typename Number>
  static ClusterPosition PositionAt(Number number) {
    return {.number = static_cast<uint64_t>(number)};
  }

  Listing Look(const ClusterState& cluster) {
    if (cluster.members.size() < query_.min_size ||
        !canonical_.Passes(CheckNotNull(state_.FindEntry(cluster.record.canonical))) ||
        !HasMember(cluster)) {
      return Listing::kPassedOver;
    }
    listed_.push_back(Copy(state_, cluster, query_.with_members));
    return Listing::kListed;
  }

  bool HasMember(const ClusterState& cluster) {
    if (query_.member_publisher.empty()) return true;
    page_.scanned += cluster.members.size();
    return std::any_of(cluster.members.begin(), cluster.members.end(),
                       [this](DocumentNumber member) {
                         return member_.Passes(CheckNotNull(state_.FindEntry(member)));
                       });
  }

  const MemoryState& state_;
  const MemoryState::Collection& collection_;
  const ClusterQuery& query_;
  const DocumentFilter canonical_;
  const DocumentFilter member_;
  Engine::ClusterPage& page_;
  std::vector<ListedCluster> listed_;
};

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
                                                         ClusterPosition after, int page_size,
                                                         const ClusterQuery& query) const {
  const absl::StatusOr<TitleWords> words = TitleWords::Parse(query.title_words);
  if (!words.ok()) return words.status();
  ClusterPage page;
  std::vector<ListedCluster> listed;
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    absl::StatusOr<CollectionNumber> number = CollectionIn(reader.state(), collection);
    if (!number.ok()) return number.status();
    ClusterLister lister(reader.state(), *number, query, parts_->preparer.identifier(), &page);
    listed = lister.List(after, page_size);
    moment = reader.moment();
  }
  page.read = listed.size();
  for (const ListedCluster& cluster : listed) {
    absl::StatusOr<ClusterView> view = ViewOf(*moment.store, cluster, /*with_body=*/false);
    if (!view.ok()) return view.status();
    if (!words->empty() && !words->StandIn(view->canonical.title)) continue;
    for (const DocumentEntry& entry : cluster.members) {
      absl::StatusOr<std::string> id = entry.number == cluster.record.canonical
                                           ? view->canonical.document_id
                                           : ReadId(*moment.store, entry.number);
      if (!id.ok()) return id.status();
      view->members.push_back({*std::move(id), entry.relation, entry.sequence});
    }
    page.positions.push_back(PositionOf(cluster, query.order));
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
