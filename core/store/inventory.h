// What can be read of a database, damage or not: for --verify and --salvage.
//
// The database is opened with Tables::Recovery::kSalvage, for reading. A table is read around the
// blocks that are damaged; of what lay in them only the place is known. All of it, bodies and
// fingerprints apart, is in memory: some 250 bytes a document.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/store/ledger_codec.h"
#include "core/store/tables.h"

namespace wonbon {

struct Inventory {
  struct TableReport {
    uint64_t whole = 0;               // records
    std::vector<std::string> damage;  // a line for each record or stretch that is not
  };
  std::array<TableReport, kTables> tables;
  StoreState state;
  Sequence newest = 0;  // the greatest number that any record bears
  std::vector<CollectionRecord> collections;
  std::vector<ClusterRecord> clusters;
  std::vector<Redirect> redirects;
  std::vector<Tombstone> tombstones;
  std::vector<FamilyRecord> families;
  std::vector<std::string> ledger;  // keys of what else the ledger holds
  // Of documents, ascending.
  std::vector<DocumentEntry> entries;
  std::vector<DocumentNumber> contents;
  std::vector<DocumentNumber> bodies;
  std::vector<DocumentNumber> fingerprints;

  bool is_damaged() const;
};
Inventory TakeInventory(const Tables& tables);

// A document of which something is not there or damaged.
struct IncompleteDocument {
  DocumentNumber number = DocumentNumber::kNone;
  std::string name;   // document "id" (number 42), or its number alone
  std::string lacks;  // "body, fingerprint"
};
std::vector<IncompleteDocument> FindIncomplete(const Tables& tables, const Inventory& inventory);

// Visits the records that can be read, in order of their keys; `damage` is told of each stretch
// that cannot.
void WalkTable(const Tables& tables, Table table,
               const std::function<void(std::string_view key, std::string_view value)>& visit,
               const std::function<void(std::string line)>& damage);

}  // namespace wonbon
