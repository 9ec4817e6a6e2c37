// Engine: what all reads are made of: collections, articles, documents and clusters as published.
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/error.h"
#include "core/views.h"

namespace wonbon {

absl::StatusOr<CollectionNumber> Engine::Parts::FindCollection(std::string_view name) const {
  if (name.empty()) name = "default";
  absl::ReaderMutexLock lock(&mutex);
  const MemoryState::Collection* found = state.FindCollectionByName(name);
  if (found == nullptr) {
    return CollectionNotFound(name);
  }
  return found->record.number;
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

}  // namespace wonbon
