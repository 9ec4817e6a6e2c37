// How a document is related to an earlier one.
#pragma once

#include <cstdint>
#include <string_view>

namespace wonbon {

// The relation of a document A to an earlier document B. The values are stored on disk and equal
// those of wonbon.v1.Relation: never renumber.
enum class Relation : uint8_t {
  kUnique = 1,    // nothing in common worth reporting
  kExact = 2,     // the same canonical text
  kNear = 3,      // the same article: edited, or cut or extended with its headline and lead kept
  kRevision = 4,  // the same id, or the same publisher and url; the text changed
  kExcerpt = 5,   // A is mostly inside B, another article
  kEmbeds = 6,    // A has B inside it, and is another article
  kOverlap = 7,   // passages in common, different articles
  kTemplate = 8,  // the same form, different facts
};

// True for the relations that put a document into the cluster of the other one.
constexpr bool Joins(Relation relation) {
  return relation == Relation::kExact || relation == Relation::kNear ||
         relation == Relation::kRevision;
}

// "UNIQUE", "EXACT", ...: the word that the contract, the command line and the metrics use.
constexpr std::string_view Name(Relation relation) {
  switch (relation) {
    case Relation::kUnique: return "UNIQUE";
    case Relation::kExact: return "EXACT";
    case Relation::kNear: return "NEAR";
    case Relation::kRevision: return "REVISION";
    case Relation::kExcerpt: return "EXCERPT";
    case Relation::kEmbeds: return "EMBEDS";
    case Relation::kOverlap: return "OVERLAP";
    case Relation::kTemplate: return "TEMPLATE";
  }
  return "UNIQUE";
}

}  // namespace wonbon
