// Documents by an exact key (of the text, or of the url), in the order of their insertion.
//
// The keys themselves stay with the documents: a set of slots, hashed by their document's key,
// holds the first of each key (5 bytes a place, 6 to 12 a document), a B-tree the later ones. A
// flood of copies of one text costs a logarithm each, never a walk along the copies.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "core/index/indexed_documents.h"

namespace wonbon {

template <typename Key, Key (IndexedDocuments::*kKeyOf)(Slot) const>
class KeyTable {
 public:
  // `documents` must outlive the table.
  explicit KeyTable(const IndexedDocuments* documents)
      : documents_(documents), first_(0, Hash{documents}, Equal{documents}) {}

  void Reserve(size_t documents) { first_.reserve(documents); }

  // REQUIRES, as Remove: `slot` is among the documents.
  void Add(Slot slot) {
    const auto [first, is_first] = first_.insert(slot);
    if (is_first) return;
    Slot later = slot;
    // A document that was taken out and comes back may be older than all that are there.
    if (documents_->order(slot) < documents_->order(*first)) {
      later = *first;
      first_.erase(first);
      first_.insert(slot);
    }
    later_.emplace(OrderedKey{KeyOf(later), documents_->order(later)}, later);
  }

  void Remove(Slot slot) {
    const Key key = KeyOf(slot);
    const auto first = first_.find(key);
    if (first == first_.end() || *first != slot) {
      later_.erase(OrderedKey{key, documents_->order(slot)});
      return;
    }
    first_.erase(first);
    const auto next = later_.lower_bound(OrderedKey{key, 0});
    if (next == later_.end() || next->first.first != key) return;
    first_.insert(next->second);
    later_.erase(next);
  }

  void Prefetch(Key key) const { first_.prefetch(key); }

  // Calls visit(slot) for the oldest `limit` documents of a key, oldest first.
  template <typename Visitor>
  void ForEach(Key key, size_t limit, Visitor visit) const {
    const auto first = first_.find(key);
    if (first == first_.end() || limit == 0) return;
    visit(*first);
    for (auto it = later_.lower_bound(OrderedKey{key, 0});
         --limit > 0 && it != later_.end() && it->first.first == key; ++it) {
      visit(it->second);
    }
  }

  size_t MemoryBytes() const {
    // One control byte a place; B-tree leaves are two thirds full or more.
    return first_.capacity() * (sizeof(Slot) + 1) +
           later_.size() * sizeof(std::pair<const OrderedKey, Slot>) * 3 / 2;
  }

 private:
  using OrderedKey = std::pair<Key, uint64_t>;  // key, order of insertion

  // Keys are hashes already.
  static size_t LowBits(uint64_t key) { return key; }
  static size_t LowBits(absl::uint128 key) { return absl::Uint128Low64(key); }

  struct Hash {
    using is_transparent = void;
    const IndexedDocuments* documents;
    size_t operator()(Key key) const { return LowBits(key); }
    size_t operator()(Slot slot) const { return LowBits((documents->*kKeyOf)(slot)); }
  };
  struct Equal {
    using is_transparent = void;
    const IndexedDocuments* documents;
    bool operator()(Slot a, Slot b) const { return (*this)(a, (documents->*kKeyOf)(b)); }
    bool operator()(Slot a, Key key) const { return (documents->*kKeyOf)(a) == key; }
  };

  Key KeyOf(Slot slot) const { return (documents_->*kKeyOf)(slot); }

  const IndexedDocuments* const documents_;
  absl::flat_hash_set<Slot, Hash, Equal> first_;
  absl::btree_map<OrderedKey, Slot> later_;
};

using ExactKeyTable = KeyTable<absl::uint128, &IndexedDocuments::exact_key>;
using UrlKeyTable = KeyTable<uint64_t, &IndexedDocuments::url_key>;

}  // namespace wonbon
