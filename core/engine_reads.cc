// Engine: everything that only reads.
#include <algorithm>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "core/engine_parts.h"
#include "core/error.h"
#include "core/validate.h"
#include "core/views.h"

namespace wonbon {
namespace {

// At least what a document takes on the wire.
size_t WireBytes(const StoredDocument& stored) {
  constexpr size_t kFixedBytes = 256;  // times, numbers, cluster id; tags and lengths of all fields
  constexpr size_t kLabelBytes = 16;   // tags and lengths of one label
  const Document& document = stored.document;
  size_t bytes = kFixedBytes + stored.canonical_document_id.size();
  for (const std::string* field : {&document.id, &document.title, &document.body,
                                   &document.publisher, &document.url, &document.byline,
                                   &document.section}) {
    bytes += field->size();
  }
  for (const auto& [key, value] : document.labels) bytes += kLabelBytes + key.size() + value.size();
  return bytes;
}

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

absl::StatusOr<CollectionNumber> Engine::Parts::FindCollection(std::string_view name) const {
  if (name.empty()) name = "default";
  absl::ReaderMutexLock lock(&mutex);
  const MemoryState::Collection* found = state.FindCollectionByName(name);
  if (found == nullptr) {
    return CollectionNotFound(name);
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
  std::shared_ptr<Article> article =
      MakeArticle(std::move(content->document), /*with_source=*/false, &body);
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
  for (int look = 0; look < kMaxLooks; ++look) {
    absl::StatusOr<Store::IdState> found = store->FindId(collection, id);
    if (!found.ok()) return found.status();
    if (const auto* tombstone = std::get_if<Tombstone>(&*found)) {
      return MakeError(absl::StatusCode::kNotFound,
                       {.reason = ErrorReason::kDocumentDeleted, .subject = std::string(id)},
                       absl::StrCat("document \"", Absl(id), "\" was deleted at ",
                                    absl::FormatTime(tombstone->deleted_at, absl::UTCTimeZone())));
    }
    const auto* number = std::get_if<DocumentNumber>(&*found);
    if (number == nullptr) {
      return DocumentNotFound(id);
    }
    {
      absl::ReaderMutexLock lock(&mutex);
      if (const DocumentEntry* entry = state.FindEntry(*number)) return *entry;
    }
    if (!publication.Await()) break;
  }
  return absl::UnavailableError(
      absl::StrCat("document \"", Absl(id), "\" is being written; try again"));
}

absl::StatusOr<DocumentContent> Engine::Parts::ReadContent(DocumentNumber number,
                                                           bool with_body) const {
  absl::StatusOr<DocumentContent> content = store->ReadContent(number, with_body);
  if (absl::IsNotFound(content.status())) return absl::AbortedError(content.status().message());
  return content;
}

absl::StatusOr<StoredDocument> Engine::Parts::ReadDocument(const DocumentEntry& entry,
                                                           bool with_body) const {
  absl::StatusOr<DocumentContent> content = ReadContent(entry.number, with_body);
  if (!content.ok()) return content.status();
  StoredDocument stored{.document = std::move(content->document),
                        .cluster = entry.cluster,
                        .relation = entry.relation,
                        .sequence = entry.sequence,
                        .received_at = absl::FromUnixMicros(entry.received_us),
                        .flags = entry.flags};
  DocumentNumber canonical = DocumentNumber::kNone;
  {
    absl::ReaderMutexLock lock(&mutex);
    if (const ClusterState* cluster = state.FindCluster(entry.cluster)) {
      canonical = cluster->record.canonical;
    }
  }
  if (canonical == DocumentNumber::kNone) {
    return absl::AbortedError(
        absl::StrCat("cluster ", FormatClusterId(entry.cluster), ", which document number ",
                     static_cast<uint64_t>(entry.number), " is in, is gone"));
  }
  if (canonical == entry.number) {
    stored.canonical_document_id = stored.document.id;
    return stored;
  }
  absl::StatusOr<DocumentContent> head = ReadContent(canonical, /*with_body=*/false);
  if (!head.ok()) return head.status();
  stored.canonical_document_id = std::move(head->document.id);
  return stored;
}

absl::StatusOr<ClusterView> Engine::Parts::ViewOf(const ClusterState& cluster,
                                                  bool with_body) const {
  absl::StatusOr<DocumentContent> head = ReadContent(cluster.record.canonical, with_body);
  if (!head.ok()) return head.status();
  ClusterView view{.id = cluster.record.id,
                   .canonical = MakeCanonicalCopy(*head, cluster.record.reason),
                   .size = static_cast<uint32_t>(cluster.members.size()),
                   .sequence = cluster.record.sequence};
  if (with_body) view.canonical.body = std::move(head->document.body);
  return view;
}

absl::Status Engine::Parts::FillBody(Decision* decision) const {
  const auto read = [&]() -> absl::StatusOr<DocumentContent> {
    DocumentNumber canonical = DocumentNumber::kNone;
    {
      absl::ReaderMutexLock lock(&mutex);
      if (const ClusterState* cluster = state.FindCluster(decision->cluster)) {
        canonical = cluster->record.canonical;
      }
    }
    // A Check that would found a cluster, or one that is gone since.
    if (canonical == DocumentNumber::kNone) return DocumentContent();
    return ReadContent(canonical, /*with_body=*/true);
  };
  absl::StatusOr<DocumentContent> content = ReadPublished(read);
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
  return parts_->ReadPublished([&]() -> absl::StatusOr<StoredDocument> {
    absl::StatusOr<DocumentEntry> entry = parts_->FindLive(*number, id);
    if (!entry.ok()) return entry.status();
    return parts_->ReadDocument(*entry, with_body);
  });
}

absl::StatusOr<ClusterView> Engine::GetCluster(std::string_view collection, ClusterId id,
                                               bool with_body) const {
  return parts_->ReadPublished([&]() -> absl::StatusOr<ClusterView> {
    absl::StatusOr<ClusterState> cluster = parts_->FindCluster(collection, id);
    if (!cluster.ok()) return cluster.status();
    return parts_->ViewOf(*cluster, with_body);
  });
}

absl::StatusOr<ClusterState> Engine::Parts::FindCluster(std::string_view collection,
                                                        ClusterId id) const {
  absl::StatusOr<CollectionNumber> number = FindCollection(collection);
  if (!number.ok()) return number.status();
  absl::ReaderMutexLock lock(&mutex);
  const ClusterState* cluster = state.FindCluster(state.Resolve(id));
  if (cluster == nullptr || cluster->record.collection != *number) {
    return ClusterNotFound(FormatClusterId(id));
  }
  return *cluster;
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

absl::StatusOr<Engine::DocumentPage> Engine::ListClusterDocuments(
    std::string_view collection, ClusterId id, DocumentNumber after, int page_size, bool with_body,
    size_t max_bytes) const {
  absl::StatusOr<ClusterState> cluster = parts_->FindCluster(collection, id);
  if (!cluster.ok()) return cluster.status();
  const auto next = [&](DocumentNumber number) {
    return std::upper_bound(cluster->members.begin(), cluster->members.end(), number);
  };
  DocumentNumber at = DocumentNumber::kNone;  // of the document read last
  bool stale = false;
  // The document after `after`. One that is gone since may have come back as a newer version, with
  // a greater number: the cluster is looked at anew.
  const auto read = [&]() -> absl::StatusOr<std::optional<StoredDocument>> {
    if (std::exchange(stale, true)) {
      cluster = parts_->FindCluster(collection, id);
      if (!cluster.ok()) return cluster.status();
    }
    const auto member = next(after);
    if (member == cluster->members.end()) return std::nullopt;
    at = *member;
    std::optional<DocumentEntry> entry;
    {
      absl::ReaderMutexLock lock(&parts_->mutex);
      if (const DocumentEntry* found = parts_->state.FindEntry(at)) entry = *found;
    }
    if (!entry.has_value()) return absl::AbortedError("a document of the cluster is gone");
    absl::StatusOr<StoredDocument> document = parts_->ReadDocument(*entry, with_body);
    if (!document.ok()) return document.status();
    stale = false;
    return *std::move(document);
  };
  DocumentPage page;
  size_t bytes = 0;
  for (;;) {
    if (page.documents.size() == static_cast<size_t>(page_size)) {
      if (next(after) != cluster->members.end()) page.next = after;
      return page;
    }
    absl::StatusOr<std::optional<StoredDocument>> document = parts_->ReadPublished(read);
    if (!document.ok()) return document.status();
    if (!document->has_value()) return page;
    bytes += WireBytes(**document);
    if (bytes > max_bytes && !page.documents.empty()) {
      page.next = after;
      return page;
    }
    page.documents.push_back(**std::move(document));
    after = at;
  }
}

absl::StatusOr<Engine::EventPage> Engine::ReadEvents(std::string_view collection, Sequence after,
                                                     size_t max_events) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  EventPage page;
  const Sequence last = parts_->publication.published();
  absl::StatusOr<std::vector<ClusterEvent>> events =
      parts_->store->ReadEvents(*number, after, max_events);
  if (!events.ok()) return events.status();
  page.events = *std::move(events);
  // Those of the group in flight wait until what they tell of can be read.
  while (!page.events.empty() && page.events.back().sequence > last) page.events.pop_back();
  page.sequence = page.events.size() >= max_events ? page.events.back().sequence
                                                   : std::max(after, last);
  if (!page.events.empty()) page.sequence = std::max(page.sequence, page.events.back().sequence);
  return page;
}

Engine::Stats Engine::GetStats() const {
  Stats stats{.store_id = parts_->store->store_id(),
              .durability = parts_->options.store.durability,
              .sequence = parts_->publication.published(),
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
