// Engine: the documents of a collection.
#include <limits>
#include <utility>

#include "core/check.h"
#include "core/engine/list.h"
#include "core/engine/parts.h"
#include "core/engine/reads.h"

namespace wonbon {
namespace {

struct Listed {
  DocumentEntry entry;
  DocumentNumber canonical = DocumentNumber::kNone;
};

}  // namespace

DocumentFilter::DocumentFilter(const ListFilter& filter, const Identifier& identifier)
    : publisher_key_(filter.publisher.empty() ? 0 : identifier.PublisherKey(filter.publisher)),
      from_us_(filter.published_from ? absl::ToUnixMicros(*filter.published_from)
                                     : std::numeric_limits<int64_t>::min()),
      before_us_(filter.published_before ? absl::ToUnixMicros(*filter.published_before)
                                         : std::numeric_limits<int64_t>::max()) {}

bool DocumentFilter::Passes(const DocumentEntry& entry) const {
  return (publisher_key_ == 0 || entry.publisher_key == publisher_key_) &&
         entry.published_us >= from_us_ && entry.published_us < before_us_;
}

absl::StatusOr<Engine::DocumentPage> Engine::ListDocuments(std::string_view collection,
                                                           DocumentNumber after, int page_size,
                                                           bool with_body, size_t max_bytes,
                                                           const ListFilter& filter) const {
  const DocumentFilter wanted(filter, parts_->preparer.identifier());
  std::vector<Listed> listed;
  DocumentPage page;
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    const MemoryState& state = reader.state();
    absl::StatusOr<CollectionNumber> number = CollectionIn(state, collection);
    if (!number.ok()) return number.status();
    PageWalk walk(after, page_size, &page);
    Walk(state.collection(*number)->numbers, after, filter.newest_first, [&](DocumentNumber at) {
      return walk.Visit(at, [&] {
        const DocumentEntry entry = CheckNotNull(state.FindEntry(at));
        if (!wanted.Passes(entry)) return Listing::kPassedOver;
        listed.push_back({entry, state.FindCluster(entry.cluster)->record.canonical});
        return Listing::kListed;
      });
    });
    moment = reader.moment();
  }
  DocumentPageFiller filler(max_bytes, &page);
  DocumentNumber last = DocumentNumber::kNone;
  for (const auto& [entry, canonical] : listed) {
    absl::StatusOr<std::string> canonical_id = ReadId(*moment.store, canonical);
    if (!canonical_id.ok()) return canonical_id.status();
    absl::StatusOr<StoredDocument> document =
        ReadDocument(*moment.store, entry, *std::move(canonical_id), with_body);
    if (!document.ok()) return document.status();
    if (!filler.Add(*std::move(document))) {
      page.next = last;
      break;
    }
    last = entry.number;
  }
  return page;
}

}  // namespace wonbon
