// Engine: documents by id, and those of a cluster.
#include <algorithm>
#include <optional>
#include <utility>

#include "core/engine/parts.h"
#include "core/engine/validate.h"

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

}  // namespace

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

}  // namespace wonbon
