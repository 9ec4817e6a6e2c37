// Document number -> where the document is in the index.
//
// Numbers are drawn one after the other, so that most of 256 neighbours are documents: pages of
// places, found by the upper bits. 8 bytes a number of a page; a page goes with its last document.
// Adding one never moves the others.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "core/index/memory_index.h"
#include "core/record.h"

namespace wonbon {

struct IndexSlot {
  CollectionNumber collection{};
  Slot slot = 0;
};

class NumberTable {
 public:
  std::optional<IndexSlot> Find(DocumentNumber number) const {
    const auto page = pages_.find(PageOf(number));
    if (page == pages_.end()) return std::nullopt;
    const IndexSlot& place = page->second->places[PlaceOf(number)];
    return place.slot == kFree ? std::nullopt : std::optional(place);
  }
  bool contains(DocumentNumber number) const { return Find(number).has_value(); }

  // REQUIRES: it is not there.
  void Add(DocumentNumber number, IndexSlot at) {
    std::unique_ptr<Page>& page = pages_[PageOf(number)];
    if (page == nullptr) page = std::make_unique<Page>();
    page->places[PlaceOf(number)] = at;
    ++page->used;
    ++size_;
  }
  // REQUIRES: it is there.
  void Remove(DocumentNumber number) {
    const auto page = pages_.find(PageOf(number));
    page->second->places[PlaceOf(number)] = {.slot = kFree};
    --size_;
    if (--page->second->used == 0) pages_.erase(page);
  }

  size_t size() const { return size_; }
  size_t MemoryBytes() const {
    return pages_.size() * sizeof(Page) + pages_.capacity() * (sizeof(*pages_.begin()) + 1);
  }

 private:
  static constexpr size_t kPagePlaces = 256;
  static constexpr Slot kFree = ~Slot{0};

  struct Page {
    Page() { places.fill({.slot = kFree}); }
    std::array<IndexSlot, kPagePlaces> places;
    size_t used = 0;
  };

  static uint64_t PageOf(DocumentNumber number) {
    return static_cast<uint64_t>(number) / kPagePlaces;
  }
  static size_t PlaceOf(DocumentNumber number) {
    return static_cast<uint64_t>(number) % kPagePlaces;
  }

  absl::flat_hash_map<uint64_t, std::unique_ptr<Page>> pages_;
  size_t size_ = 0;
};

}  // namespace wonbon
