// Engine: everything that only reads.
#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/engine_parts.h"
#include "core/validate.h"

namespace wonbon {
namespace {

// A document that is written but not published yet becomes visible in a moment.
constexpr absl::Duration kPublishPoll = absl::Microseconds(100);
constexpr int kPublishPolls = 20'000;

absl::string_view Abseil(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<CollectionNumber> Engine::Parts::FindCollection(std::string_view name) const {
  if (name.empty()) name = "default";
  absl::ReaderMutexLock lock(&mutex);
  const MemoryState::Collection* found = state.FindCollectionByName(name);
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("collection \"", Abseil(name), "\" does not exist"));
  }
  return found->record.number;
}

std::shared_ptr<Article> Engine::Parts::MakeArticle(Document document, bool with_source,
                                                    CanonicalText* body) const {
  auto article = std::make_shared<Article>();
  *body = Canonicalize(document.body,
                       {.content_type = document.content_type, .with_source = with_source});
  const CanonicalText title = CanonicalizeTitle(document.title);
  article->profile = MakeProfile(document, *body, title, profile_seed);
  std::string().swap(document.body);
  article->content.document = std::move(document);
  return article;
}

absl::StatusOr<std::shared_ptr<const Article>> Engine::Parts::FetchArticle(
    DocumentNumber number) const {
  if (std::shared_ptr<const Article> held = cache.Find(number)) return held;
  absl::StatusOr<DocumentContent> content = store->ReadContent(number, /*with_body=*/true);
  if (!content.ok()) return content.status();
  CanonicalText body;
  std::shared_ptr<Article> article = MakeArticle(std::move(content->document), /*with_source=*/false, &body);
  article->number = number;
  article->content.content_key = content->content_key;
  cache.Insert(article);
  return article;
}

ArticleSource Engine::Parts::Source(const Group* group,
                                    std::shared_ptr<const Article> current) const {
  return [this, group, current = std::move(current)](
             DocumentNumber number) -> absl::StatusOr<std::shared_ptr<const Article>> {
    if (current != nullptr && current->number == number) return current;
    if (group != nullptr) {
      if (std::shared_ptr<const Article> pending = group->PendingArticle(number)) return pending;
    }
    return FetchArticle(number);
  };
}

absl::StatusOr<DocumentEntry> Engine::Parts::FindLive(CollectionNumber collection,
                                                      std::string_view id) const {
  for (int poll = 0; poll < kPublishPolls; ++poll) {
    absl::StatusOr<Store::IdState> found = store->FindId(collection, id);
    if (!found.ok()) return found.status();
    if (const auto* tombstone = std::get_if<Tombstone>(&*found)) {
      return absl::NotFoundError(
          absl::StrCat("deleted: document \"", Abseil(id), "\" was deleted at ",
                       absl::FormatTime(tombstone->deleted_at, absl::UTCTimeZone())));
    }
    const auto* number = std::get_if<DocumentNumber>(&*found);
    if (number == nullptr) {
      return absl::NotFoundError(absl::StrCat("document \"", Abseil(id), "\" does not exist"));
    }
    {
      absl::ReaderMutexLock lock(&mutex);
      if (const DocumentEntry* entry = state.FindEntry(*number)) return *entry;
    }
    absl::SleepFor(kPublishPoll);
  }
  return absl::UnavailableError(
      absl::StrCat("document \"", Abseil(id), "\" is being written; try again"));
}

bool Engine::Parts::IsUnchanged(const Submission& submission) const {
  const DocumentContent& content = submission.article->content;
  if (content.document.id.empty()) return false;
  const absl::StatusOr<Store::IdState> found =
      store->FindId(submission.collection, content.document.id);
  const auto* number = found.ok() ? std::get_if<DocumentNumber>(&*found) : nullptr;
  if (number == nullptr) return false;
  const absl::StatusOr<DocumentContent> head = store->ReadContent(*number, /*with_body=*/false);
  return head.ok() && head->content_key == content.content_key;
}

absl::StatusOr<StoredDocument> Engine::Parts::ReadDocument(const DocumentEntry& entry,
                                                           bool with_body) const {
  absl::StatusOr<DocumentContent> content = store->ReadContent(entry.number, with_body);
  if (!content.ok()) return content.status();
  StoredDocument stored{.document = std::move(content->document),
                        .cluster = entry.cluster,
                        .relation = entry.relation,
                        .sequence = entry.sequence,
                        .received_at = absl::FromUnixMicros(entry.received_us),
                        .flags = entry.flags};
  DocumentNumber canonical = entry.number;
  {
    absl::ReaderMutexLock lock(&mutex);
    if (const ClusterState* cluster = state.FindCluster(entry.cluster)) {
      canonical = cluster->record.canonical;
    }
  }
  if (canonical == entry.number) {
    stored.canonical_document_id = stored.document.id;
    return stored;
  }
  absl::StatusOr<DocumentContent> head = store->ReadContent(canonical, /*with_body=*/false);
  if (!head.ok()) return head.status();
  stored.canonical_document_id = std::move(head->document.id);
  return stored;
}

absl::StatusOr<ClusterView> Engine::Parts::ViewOf(const ClusterState& cluster,
                                                  bool with_body) const {
  absl::StatusOr<DocumentContent> head = store->ReadContent(cluster.record.canonical, with_body);
  if (!head.ok()) return head.status();
  ClusterView view{.id = cluster.record.id,
                   .canonical = MakeCanonicalCopy(*head, cluster.record.reason),
                   .size = static_cast<uint32_t>(cluster.members.size()),
                   .sequence = cluster.record.sequence};
  if (with_body) view.canonical.body = std::move(head->document.body);
  return view;
}

absl::Status Engine::Parts::FillBody(Decision* decision) const {
  DocumentNumber canonical = DocumentNumber::kNone;
  {
    absl::ReaderMutexLock lock(&mutex);
    if (const ClusterState* cluster = state.FindCluster(decision->cluster)) {
      canonical = cluster->record.canonical;
    }
  }
  if (canonical == DocumentNumber::kNone) return absl::OkStatus();  // a Check that would found one
  absl::StatusOr<DocumentContent> content = store->ReadContent(canonical, /*with_body=*/true);
  if (!content.ok()) return content.status();
  // A later change of the same group may have elected another: then its body is not this one's.
  if (content->document.id == decision->canonical.document_id) {
    decision->canonical.body = std::move(content->document.body);
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredDocument> Engine::GetDocument(std::string_view collection,
                                                   std::string_view id, bool with_body) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  if (absl::Status status = ValidateId("document_id", id); !status.ok()) return status;
  absl::StatusOr<DocumentEntry> entry = parts_->FindLive(*number, id);
  if (!entry.ok()) return entry.status();
  return parts_->ReadDocument(*entry, with_body);
}

absl::StatusOr<ClusterView> Engine::GetCluster(std::string_view collection, ClusterId id,
                                               bool with_body) const {
  absl::StatusOr<ClusterState> cluster = parts_->FindCluster(collection, id);
  if (!cluster.ok()) return cluster.status();
  return parts_->ViewOf(*cluster, with_body);
}

absl::StatusOr<ClusterState> Engine::Parts::FindCluster(std::string_view collection,
                                                        ClusterId id) const {
  absl::StatusOr<CollectionNumber> number = FindCollection(collection);
  if (!number.ok()) return number.status();
  absl::ReaderMutexLock lock(&mutex);
  const ClusterState* cluster = state.FindCluster(state.Resolve(id));
  if (cluster == nullptr || cluster->record.collection != *number) {
    return absl::NotFoundError(absl::StrCat("cluster ", FormatClusterId(id), " does not exist"));
  }
  return *cluster;
}

absl::StatusOr<Engine::ClusterPage> Engine::ListClusters(std::string_view collection,
                                                         ClusterId after, int page_size,
                                                         uint32_t min_size,
                                                         bool with_members) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  struct Listed {
    ClusterState cluster;
    std::vector<DocumentEntry> members;
  };
  std::vector<Listed> listed;
  ClusterPage page;
  {
    absl::ReaderMutexLock lock(&parts_->mutex);
    const auto* found = parts_->state.collection(*number);
    if (found == nullptr) return absl::NotFoundError("the collection was deleted");
    for (auto place = found->clusters.upper_bound(after); place != found->clusters.end(); ++place) {
      if (place->second.members.size() < min_size) continue;
      if (listed.size() == static_cast<size_t>(page_size)) {
        page.next = listed.back().cluster.record.id;
        break;
      }
      listed.push_back({.cluster = place->second, .members = {}});
      if (!with_members || place->second.members.size() > static_cast<size_t>(kMaxPageSize)) {
        continue;
      }
      for (const DocumentNumber member : place->second.members) {
        listed.back().members.push_back(*parts_->state.FindEntry(member));
      }
    }
  }
  for (const Listed& item : listed) {
    absl::StatusOr<ClusterView> view = parts_->ViewOf(item.cluster, /*with_body=*/false);
    if (absl::IsNotFound(view.status())) continue;  // gone since
    if (!view.ok()) return view.status();
    for (const DocumentEntry& entry : item.members) {
      std::string id = view->canonical.document_id;
      if (entry.number != item.cluster.record.canonical) {
        absl::StatusOr<DocumentContent> head = parts_->store->ReadContent(entry.number, false);
        if (absl::IsNotFound(head.status())) continue;
        if (!head.ok()) return head.status();
        id = std::move(head->document.id);
      }
      view->members.push_back({std::move(id), entry.relation, entry.sequence});
    }
    page.clusters.push_back(*std::move(view));
  }
  return page;
}

absl::StatusOr<Engine::DocumentPage> Engine::ListClusterDocuments(std::string_view collection,
                                                                  ClusterId id,
                                                                  DocumentNumber after,
                                                                  int page_size,
                                                                  bool with_body) const {
  absl::StatusOr<ClusterState> cluster = parts_->FindCluster(collection, id);
  if (!cluster.ok()) return cluster.status();
  DocumentPage page;
  const auto& members = cluster->members;
  for (auto member = std::upper_bound(members.begin(), members.end(), after);
       member != members.end(); ++member) {
    if (page.documents.size() == static_cast<size_t>(page_size)) {
      page.next = *(member - 1);
      break;
    }
    std::optional<DocumentEntry> entry;
    {
      absl::ReaderMutexLock lock(&parts_->mutex);
      if (const DocumentEntry* found = parts_->state.FindEntry(*member)) entry = *found;
    }
    if (!entry.has_value()) continue;  // gone since
    absl::StatusOr<StoredDocument> document = parts_->ReadDocument(*entry, with_body);
    if (absl::IsNotFound(document.status())) continue;
    if (!document.ok()) return document.status();
    page.documents.push_back(*std::move(document));
  }
  return page;
}

absl::StatusOr<Engine::EventPage> Engine::ReadEvents(std::string_view collection, Sequence after,
                                                     size_t max_events) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  EventPage page;
  const Sequence last = parts_->store->last_sequence();
  absl::StatusOr<std::vector<ClusterEvent>> events =
      parts_->store->ReadEvents(*number, after, max_events);
  if (!events.ok()) return events.status();
  page.events = *std::move(events);
  page.sequence = page.events.size() >= max_events ? page.events.back().sequence
                                                   : std::max(after, last);
  if (!page.events.empty()) page.sequence = std::max(page.sequence, page.events.back().sequence);
  return page;
}

Engine::Stats Engine::GetStats() const {
  Stats stats{.store_id = parts_->store->store_id(),
              .durability = parts_->options.store.durability,
              .sequence = parts_->store->last_sequence(),
              .store_bytes = parts_->store->BytesOnDisk(),
              .queued_commits = parts_->commits->queued_documents(),
              .commit_groups = parts_->commit_groups.load(std::memory_order_relaxed),
              .judged_pairs = parts_->judged_pairs.load(std::memory_order_relaxed),
              .article_cache_bytes = parts_->cache.bytes()};
  absl::ReaderMutexLock lock(&parts_->mutex);
  stats.collections = parts_->state.collection_names().size();
  stats.documents = parts_->state.documents();
  stats.clusters = parts_->state.clusters();
  stats.index_bytes = parts_->state.MemoryBytes();
  stats.evicted_postings = parts_->state.evicted_postings();
  return stats;
}

}  // namespace wonbon
