// Documents by an exact key (of the text, or of the url), in the order of their insertion.
//
// The keys themselves stay with the documents: of each key there is one posting, of its oldest
// document, and a B-tree of the later ones. A flood of copies of one text costs a logarithm each,
// never a walk along the copies.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/numeric/int128.h"
#include "core/index/indexed_documents.h"
#include "core/index/posting_table.h"

namespace wonbon {

template <typename Key, Key (IndexedDocuments::*kKeyOf)(Slot) const>
class KeyTable {
 public:
  // Both must outlive the table; `postings` may hold others', too.
  KeyTable(const IndexedDocuments* documents, PostingTable* postings)
      : documents_(documents), postings_(postings) {}

  // REQUIRES, as Remove: `slot` is among the documents.
  void Add(Slot slot) {
    const Key key = KeyOf(slot);
    const std::optional<Slot> first = First(key);
    if (!first.has_value()) return postings_->Add(HashOf(key), slot);
    Slot later = slot;
    // A document that was taken out and comes back may be older than all that are there.
    if (documents_->order(slot) < documents_->order(*first)) {
      later = *first;
      postings_->Replace(HashOf(key), later, slot);
    }
    later_.emplace(OrderedKey{key, documents_->order(later)}, later);
  }

  void Remove(Slot slot) {
    const Key key = KeyOf(slot);
    if (First(key) != slot) {
      later_.erase(OrderedKey{key, documents_->order(slot)});
      return;
    }
    const auto next = later_.lower_bound(OrderedKey{key, 0});
    if (next == later_.end() || next->first.first != key) {
      postings_->Remove(HashOf(key), slot);
      return;
    }
    postings_->Replace(HashOf(key), slot, next->second);
    later_.erase(next);
  }

  void Prefetch(Key key) const { postings_->Prefetch(HashOf(key)); }

  // Calls visit(slot) for the oldest `limit` documents of a key, oldest first.
  template <typename Visitor>
  void ForEach(Key key, size_t limit, Visitor visit) const {
    const std::optional<Slot> first = First(key);
    if (!first.has_value() || limit == 0) return;
    visit(*first);
    for (auto it = later_.lower_bound(OrderedKey{key, 0});
         --limit > 0 && it != later_.end() && it->first.first == key; ++it) {
      visit(it->second);
    }
  }

  size_t MemoryBytes() const {
    // B-tree leaves are two thirds full or more.
    return later_.size() * sizeof(std::pair<const OrderedKey, Slot>) * 3 / 2;
  }

  // What is kept here, apart from the tables that it was made with.
  void Write(ImageWriter& image) const {
    image.Value(uint64_t{later_.size()});
    for (const auto& [key, slot] : later_) {
      image.Value(key.first);
      image.Value(key.second);
      image.Value(slot);
    }
  }
  void Read(ImageReader& image) {
    const size_t count = image.Count(sizeof(Key) + sizeof(uint64_t) + sizeof(Slot));
    for (size_t i = 0; i < count; ++i) {
      const Key key = image.Value<Key>();
      const auto order = image.Value<uint64_t>();
      later_.emplace_hint(later_.end(), OrderedKey{key, order}, image.Value<Slot>());
    }
  }

 private:
  using OrderedKey = std::pair<Key, uint64_t>;  // key, order of insertion

  static uint32_t HashOf(uint64_t key) { return MixKey(static_cast<uint32_t>(key ^ key >> 32)); }
  static uint32_t HashOf(absl::uint128 key) { return ~HashOf(absl::Uint128Low64(key)); }

  // Other keys may have the hash, and other postings of later documents with the key: the oldest.
  std::optional<Slot> First(Key key) const {
    std::optional<Slot> first;
    postings_->ForEach(HashOf(key), [&](Slot slot) {
      if (KeyOf(slot) != key) return;
      if (!first.has_value() || documents_->order(slot) < documents_->order(*first)) first = slot;
    });
    return first;
  }

  Key KeyOf(Slot slot) const { return (documents_->*kKeyOf)(slot); }

  const IndexedDocuments* const documents_;
  PostingTable* const postings_;
  absl::btree_map<OrderedKey, Slot> later_;
};

using ExactKeyTable = KeyTable<absl::uint128, &IndexedDocuments::exact_key>;
using UrlKeyTable = KeyTable<uint64_t, &IndexedDocuments::url_key>;

}  // namespace wonbon
