// What a decision reads: documents, clusters and candidates as they stand. Two implementations:
// MemoryState (what is durable and published) and Group (that, with a group of changes on top which
// is not written yet).
//
// Not synchronised: whoever reads holds the state still. Pointers are valid until it changes.
#pragma once

#include <memory>
#include <vector>

#include "core/record.h"
#include "core/state/article.h"

namespace wonbon {

struct ClusterState {
  ClusterRecord record;
  std::vector<DocumentNumber> members;  // ascending: in the order they were committed
};

// A document that the index found for a fingerprint (see MemoryIndex::Hit).
struct DocumentHit {
  DocumentNumber number = DocumentNumber::kNone;
  bool exact = false;
  bool same_url = false;
  int bands = 0;
  int shared_sample = 0;
};

class State {
 public:
  virtual ~State() = default;
  // Appends the hits in `collection`.
  virtual void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                        std::vector<DocumentHit>* hits) const = 0;
  // Null where there is none.
  virtual const DocumentEntry* FindEntry(DocumentNumber number) const = 0;
  virtual const Sketch* FindSketch(DocumentNumber number) const = 0;
  virtual const ClusterState* FindCluster(ClusterId id) const = 0;
  virtual const CollectionRecord* FindCollection(CollectionNumber number) const = 0;
  // The article of a document that is not in the store yet; null for all others.
  virtual std::shared_ptr<const Article> PendingArticle(DocumentNumber number) const = 0;
};

}  // namespace wonbon
