// The judgements of one submission against earlier documents, each pair judged once: what a handler
// thread judged ahead, the commit thread need not judge again.
#pragma once

#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "core/cluster/family.h"
#include "core/judge/judge.h"
#include "core/state/prepared_document.h"

namespace wonbon {

struct JudgedPair {
  std::shared_ptr<const PreparedDocument> earlier;
  Judgement judgement;
};

// Belongs to one thread at a time. Judgements depend on the rarity table, and the answers must not
// depend on who judged first: with another table all is judged anew.
class Judgements {
 public:
  void UseRarity(std::shared_ptr<const Rarity> rarity);

  // The judgement of `submitted` to `earlier`. NOT_FOUND where that document is gone. Valid until
  // the next call.
  absl::StatusOr<const JudgedPair*> Of(const Profile& submitted, DocumentNumber earlier,
                                       const DocumentFetcher& fetch);
  // How two documents that are there are judged: texts of the families that the submission may
  // connect. NOT_FOUND where one is gone.
  absl::StatusOr<PairWeight> Between(DocumentNumber document, DocumentNumber earlier,
                                     const DocumentFetcher& fetch);
  size_t judged() const { return judged_; }

 private:
  std::shared_ptr<const Rarity> rarity_;
  absl::flat_hash_map<DocumentNumber, JudgedPair> pairs_;
  absl::flat_hash_map<std::pair<DocumentNumber, DocumentNumber>, PairWeight> between_;
  size_t judged_ = 0;
};

}  // namespace wonbon
