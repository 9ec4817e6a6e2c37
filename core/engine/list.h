// What the engine's lists share: walking what is ordered in either direction, and filters.
//
// Pure functions over the state, which the caller holds still; a walk is bounded by
// kMaxScannedPerRead.
#pragma once

#include <utility>

#include "core/engine.h"
#include "core/identity/identity.h"
#include "core/limits.h"
#include "core/record.h"
#include "core/state/memory_state.h"
#include "core/store/snapshot.h"

namespace wonbon {

// Calls visit(key) for what lies behind `after` (kNone: from the beginning), ascending or
// descending, until it answers false.
template <typename Ordered, typename Key, typename Visit>
void Walk(const Ordered& keys, Key after, bool descending, const Visit& visit) {
  if (descending) {
    auto it = after == Key::kNone ? keys.end() : keys.lower_bound(after);
    while (it != keys.begin()) {
      if (!visit(*--it)) return;
    }
    return;
  }
  for (auto it = keys.upper_bound(after); it != keys.end(); ++it) {
    if (!visit(*it)) return;
  }
}

// What became of an element: kEnd says that neither it nor what lies behind it is of the list.
enum class Listing { kListed, kPassedOver, kEnd };

// A page in the making: until `page_size` elements are listed or kMaxScannedPerRead looked at; then
// page->next says from where the next page goes on.
template <typename Key, typename Page>
class PageWalk {
 public:
  PageWalk(Key after, int page_size, Page* page)
      : last_(after), page_size_(page_size), page_(page) {}

  // Calls list(), which says what became of what is at `key` (it may count more in page->scanned).
  // False where the walk is at its end.
  template <typename List>
  bool Visit(Key key, const List& list) {
    if (listed_ == page_size_ || page_->scanned >= kMaxScannedPerRead) {
      page_->next = last_;
      return false;
    }
    ++page_->scanned;
    last_ = key;
    const Listing became = list();
    if (became == Listing::kListed) ++listed_;
    return became != Listing::kEnd;
  }

 private:
  Key last_;
  const int page_size_;
  Page* const page_;
  int listed_ = 0;
};

// A filter, ready to be asked often.
class DocumentFilter {
 public:
  DocumentFilter(const ListFilter& filter, const Identifier& identifier);
  bool Passes(const DocumentEntry& entry) const;

 private:
  const uint64_t publisher_key_;  // 0: of any
  const int64_t from_us_;
  const int64_t before_us_;
};

// `canonical_id`: of the copy that stands for its cluster.
absl::StatusOr<StoredDocument> ReadDocument(const StoreSnapshot& store, const DocumentEntry& entry,
                                            std::string canonical_id, bool with_body);

// The documents of a page, as long as they fit into `max_bytes`, counted as on the wire.
class DocumentPageFiller {
 public:
  DocumentPageFiller(size_t max_bytes, Engine::DocumentPage* page)
      : max_bytes_(max_bytes), page_(page) {}
  // False, and nothing added, where the document would be too much; the first one never is.
  bool Add(StoredDocument document);

 private:
  const size_t max_bytes_;
  Engine::DocumentPage* const page_;
  size_t bytes_ = 0;
};

}  // namespace wonbon
