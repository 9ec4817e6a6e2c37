// An editor's words in the oracle: they stand in the place of scores, and hold for the next
// versions of a document.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "core/cluster/family.h"
#include "core/limits.h"
#include "tests/oracle/decision_oracle_parts.h"

namespace wonbon::oracle {

std::map<DocumentNumber, int> DecisionOracle::WordsOf(const Document& replaced) const {
  std::map<DocumentNumber, int> words;
  for (const DocumentNumber text : FamilyOf(replaced.cluster).texts) {
    const bool own = text == replaced.number ||
                     (documents_.contains(text) && documents_.at(text).fingerprint.exact_key ==
                                                       replaced.fingerprint.exact_key);
    if (!own) continue;
    for (const auto& [pair, score] : scores_) {
      if (pair.first == text && IsWord(static_cast<int16_t>(score))) words[pair.second] = score;
    }
  }
  return words;
}

void DecisionOracle::AddNamedKin(const Touched& touched, DocumentNumber added,
                                 std::set<DocumentNumber>* texts) {
  for (const auto& [text, word] : touched.words) {
    const Family family = FamilyOf(documents_.at(text).cluster);
    if (!texts->contains(text)) {
      if (family.full || 1 + texts->size() + family.texts.size() > kMaxFamilyTexts) continue;
      texts->insert(family.texts.begin(), family.texts.end());
    }
    const bool forgotten =
        (word == kBoundPair && fault_ == Fault::kMergesAreForgotten) ||
        (word == kApartPair && fault_ == Fault::kSplitsAreForgotten);
    const int score = forgotten ? ScoreOfAdded(added, text) : word;
    scores_[{added, text}] = scores_[{text, added}] = score;
  }
}

void DecisionOracle::FollowWord(const std::vector<DocumentNumber>& texts,
                                const std::vector<DocumentNumber>& about, EditorialAct act,
                                Touched* touched) {
  ++last_drawn_;
  Regroup(ConnectedParts({.texts = texts}), DocumentNumber::kNone, touched);
  std::set<ClusterId> clusters;
  for (const DocumentNumber number : about) clusters.insert(documents_.at(number).cluster);
  touched->clusters.insert(clusters.begin(), clusters.end());
  Settle(DocumentNumber::kNone, *touched);
  for (const ClusterId id : clusters) clusters_.at(id).words.emplace_back(last_drawn_, act);
}

absl::StatusOr<DecisionOracle::Edited> DecisionOracle::Pin(const std::string& id) {
  const auto found = ids_.find(id);
  if (found == ids_.end()) return absl::NotFoundError(id);
  const ClusterId at = documents_.at(found->second).cluster;
  Cluster& cluster = clusters_.at(at);
  if (std::exchange(cluster.pinned, found->second) == found->second) return Edited{.cluster = at};
  ++last_drawn_;
  cluster.words.emplace_back(last_drawn_, EditorialAct::kPin);
  Touched touched;
  touched.clusters.insert(at);
  Settle(DocumentNumber::kNone, std::move(touched));
  return Edited{.cluster = at};
}

absl::StatusOr<DecisionOracle::Edited> DecisionOracle::Unpin(const std::string& id) {
  const auto found = ids_.find(id);
  if (found == ids_.end()) return absl::NotFoundError(id);
  const ClusterId at = documents_.at(found->second).cluster;
  Cluster& cluster = clusters_.at(at);
  if (std::exchange(cluster.pinned, DocumentNumber::kNone) == DocumentNumber::kNone) {
    return Edited{.cluster = at};
  }
  ++last_drawn_;
  cluster.words.emplace_back(last_drawn_, EditorialAct::kUnpin);
  Touched touched;
  touched.clusters.insert(at);
  Settle(DocumentNumber::kNone, std::move(touched));
  return Edited{.cluster = at};
}

absl::StatusOr<DecisionOracle::Edited> DecisionOracle::MergeClusters(
    const std::string& id, const std::string& other_id) {
  std::set<ClusterId> clusters;
  for (const std::string& named : {id, other_id}) {
    const auto found = ids_.find(named);
    if (found == ids_.end()) return absl::NotFoundError(named);
    clusters.insert(documents_.at(found->second).cluster);
  }
  std::vector<DocumentNumber> texts;
  for (const ClusterId cluster : clusters) {
    for (const DocumentNumber text : FamilyOf(cluster).texts) {
      if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
  }
  std::sort(texts.begin(), texts.end());
  bool said_before = true;
  for (const DocumentNumber text : texts) {
    for (const DocumentNumber other : texts) {
      if (text == other) continue;
      int& score = scores_.try_emplace({text, other}, kNothingPair).first->second;
      shared_.try_emplace({text, other}, 0);
      if (!clusters.contains(documents_.at(text).cluster) ||
          !clusters.contains(documents_.at(other).cluster)) {
        continue;
      }
      said_before &= score == kBoundPair;
      score = kBoundPair;
    }
  }
  if (said_before) return Edited{.cluster = *clusters.begin()};
  const DocumentNumber first = *std::find_if(texts.begin(), texts.end(), [&](DocumentNumber text) {
    return clusters.contains(documents_.at(text).cluster);
  });
  Touched touched;
  FollowWord(texts, {first}, EditorialAct::kMerge, &touched);
  Edited edited{.cluster = documents_.at(first).cluster};
  for (const ClusterId from : touched.merged) {
    if (redirects_.at(from) == edited.cluster) edited.merged.push_back(from);
  }
  return edited;
}

absl::StatusOr<DecisionOracle::Edited> DecisionOracle::SplitCluster(const std::string& id) {
  const auto found = ids_.find(id);
  if (found == ids_.end()) return absl::NotFoundError(id);
  const Document& document = documents_.at(found->second);
  const Family family = FamilyOf(document.cluster);
  DocumentNumber off = DocumentNumber::kNone;
  std::vector<DocumentNumber> rest;
  for (const DocumentNumber text : family.texts) {
    const Document& other = documents_.at(text);
    if (other.cluster != document.cluster) continue;
    if (other.fingerprint.exact_key == document.fingerprint.exact_key) {
      off = text;
    } else {
      rest.push_back(text);
    }
  }
  if (rest.empty()) return absl::FailedPreconditionError(id);
  for (const DocumentNumber text : rest) {
    scores_[{off, text}] = scores_[{text, off}] = kApartPair;
  }
  Touched touched;
  FollowWord(family.texts, {rest.front(), off}, EditorialAct::kSplit, &touched);
  return Edited{.cluster = documents_.at(rest.front()).cluster,
                .split_off = documents_.at(off).cluster};
}

}  // namespace wonbon::oracle
