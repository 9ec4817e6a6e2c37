// Engine: documents by id, and those of a cluster.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/engine/list.h"
#include "core/engine/parts.h"
#include "core/engine/reads.h"
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

bool DocumentPageFiller::Add(StoredDocument document) {
  bytes_ += WireBytes(document);
  if (bytes_ > max_bytes_ && !page_->documents.empty()) return false;
  page_->documents.push_back(std::move(document));
  return true;
}

absl::StatusOr<StoredDocument> ReadDocument(const StoreSnapshot& store, const DocumentEntry& entry,
                                            std::string canonical_id, bool with_body) {
  absl::StatusOr<DocumentContent> content = Present(store.ReadContent(entry.number, with_body));
  if (!content.ok()) return content.status();
  return StoredDocument{.document = std::move(content->document),
                        .cluster = entry.cluster,
                        .canonical_document_id = std::move(canonical_id),
                        .relation = entry.relation,
                        .sequence = entry.sequence,
                        .received_at = absl::FromUnixMicros(entry.received_us),
                        .flags = entry.flags};
}

// All of it from the store, which says of a document and of its cluster what memory says: where an
// id leads to, only the store knows.
absl::StatusOr<StoredDocument> Engine::GetDocument(std::string_view collection,
                                                   std::string_view id, bool with_body) const {
  absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (absl::Status status = ValidateId("document_id", id); !status.ok()) return status;
  const StoreSnapshot& store = *at->moment.store;
  const absl::StatusOr<DocumentNumber> number = FindLive(store, at->collection, id);
  if (!number.ok()) return number.status();
  const absl::StatusOr<DocumentEntry> entry = Present(store.ReadEntry(*number));
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<ClusterRecord> cluster = Present(store.ReadCluster(entry->cluster));
  if (!cluster.ok()) return cluster.status();
  absl::StatusOr<std::string> canonical_id =
      cluster->canonical == *number ? std::string(id) : ReadId(store, cluster->canonical);
  if (!canonical_id.ok()) return canonical_id.status();
  return ReadDocument(store, *entry, *std::move(canonical_id), with_body);
}

absl::StatusOr<Engine::TombstonePage> Engine::ListTombstones(std::string_view collection,
                                                             std::string_view after,
                                                             size_t page_size,
                                                             size_t max_scanned) const {
  absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  return at->moment.store->ReadTombstones(at->collection, after, page_size, max_scanned);
}

absl::StatusOr<Engine::DocumentPage> Engine::ListClusterDocuments(
    std::string_view collection, ClusterId id, DocumentNumber after, int page_size, bool with_body,
    size_t max_bytes) const {
  std::vector<DocumentEntry> entries;  // of the page, and the one behind it
  DocumentNumber canonical{};
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    const absl::StatusOr<FoundCluster> cluster = ClusterIn(reader.state(), collection, id);
    if (!cluster.ok()) return cluster.status();
    const Members& members = (*cluster)->members;
    for (auto member = std::upper_bound(members.begin(), members.end(), after);
         member != members.end() && entries.size() <= static_cast<size_t>(page_size); ++member) {
      entries.push_back(CheckNotNull(reader.state().FindEntry(*member)));
    }
    canonical = (*cluster)->record.canonical;
    moment = reader.moment();
  }
  const absl::StatusOr<std::string> canonical_id = ReadId(*moment.store, canonical);
  if (!canonical_id.ok()) return canonical_id.status();
  DocumentPage page;
  DocumentPageFiller filler(max_bytes, &page);
  for (const DocumentEntry& entry : entries) {
    if (page.documents.size() == static_cast<size_t>(page_size)) {
      page.next = after;
      break;
    }
    absl::StatusOr<StoredDocument> document =
        ReadDocument(*moment.store, entry, *canonical_id, with_body);
    if (!document.ok()) return document.status();
    if (!filler.Add(*std::move(document))) {
      page.next = after;
      break;
    }
    after = entry.number;
  }
  return page;
}

}  // namespace wonbon
