// Families of the oracle: which texts belong together, and which id each of their clusters has.
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/cluster/family.h"
#include "core/cluster/partition.h"
#include "core/index/memory_index.h"
#include "core/limits.h"
#include "tests/oracle/decision_oracle_parts.h"

namespace wonbon::oracle {

DecisionOracle::Family DecisionOracle::FamilyOf(ClusterId cluster) const {
  for (const Family& family : families_) {
    for (const DocumentNumber text : family.texts) {
      if (documents_.at(text).cluster == cluster) return family;
    }
  }
  const std::vector<DocumentNumber> members = MembersOf(cluster);
  if (members.empty()) return {};
  return {.texts = {members.front()}};
}

ClusterId DecisionOracle::BestBlock(const Family& family, DocumentNumber added) const {
  std::map<ClusterId, std::vector<int>> scores;
  for (const DocumentNumber text : family.texts) {
    scores[documents_.at(text).cluster].push_back(ScoreOfAdded(added, text));
  }
  ClusterId best = ClusterId::kNone;
  double best_mean = 0;
  for (const auto& [cluster, of_texts] : scores) {
    double sum = 0;
    for (const int score : of_texts) sum += score;
    const double mean = sum / static_cast<double>(of_texts.size());
    if (mean < kJoiningScore || (best != ClusterId::kNone && mean <= best_mean)) continue;
    best = cluster;
    best_mean = mean;
  }
  return best;
}

int DecisionOracle::ScoreOfAdded(DocumentNumber added, DocumentNumber text) const {
  const int score = PairScore(JudgeTexts(documents_.at(added).prepared->profile, text));
  if (score != kGuardedPair || corrected_ == nullptr) return score;
  const int before = PairScore(JudgeTexts(corrected_->profile, text));
  return before >= 0 ? before : score;
}

void DecisionOracle::Join(DocumentNumber added, const std::vector<ClusterId>& clusters,
                          std::set<DocumentNumber>* told, Touched* touched) {
  Document& document = documents_.at(added);
  std::set<DocumentNumber> texts;
  std::set<DocumentNumber> known;
  for (const ClusterId cluster : clusters) {
    Family family = FamilyOf(cluster);
    // What its standing version leaves behind, where that stood in a cluster alone.
    if (family.texts.empty() && cluster == touched->replaced_in) family = touched->behind;
    if (family.texts.empty() || !known.insert(family.texts.front()).second) continue;
    told->insert(family.texts.begin(), family.texts.end());
    const bool connects =
        std::any_of(family.texts.begin(), family.texts.end(), [&](DocumentNumber text) {
          return ScoreOfAdded(added, text) >= 0;
        });
    if (!connects) continue;
    const bool fits = !family.full && texts.size() + family.texts.size() < kMaxFamilyTexts;
    if (fits) {
      texts.insert(family.texts.begin(), family.texts.end());
      continue;
    }
    document.flags |= kFlagTruncatedCandidates;
    if (!texts.empty()) continue;
    const ClusterId best = BestBlock(family, added);
    if (best == ClusterId::kNone) break;
    for (Family& kept : families_) kept.full |= kept.texts == family.texts;
    return PutAdded(added, best, touched);
  }
  AddNamedKin(*touched, added, &texts);
  if (texts.empty()) return PutAdded(added, IdOfItsOwn(added, *touched), touched);
  texts.insert(added);
  for (const DocumentNumber text : texts) {
    for (const DocumentNumber older : texts) {
      if (older >= text || shared_.contains({text, older})) continue;
      const int score =
          text == added ? ScoreOfAdded(added, older)
                        : PairScore(JudgeTexts(documents_.at(text).prepared->profile, older));
      // An editor's word stands already.
      scores_.try_emplace({text, older}, score);
      scores_.try_emplace({older, text}, score);
      const Profile& profile = documents_.at(text).prepared->profile;
      shared_[{text, older}] = shared_[{older, text}] = static_cast<uint32_t>(std::lround(
          JudgeTexts(profile, older).containment * profile.distinct_shingles));
    }
  }
  std::vector<Family> parts =
      ConnectedParts({.texts = std::vector<DocumentNumber>(texts.begin(), texts.end())});
  const bool left_is_within = !touched->left.empty() && texts.contains(touched->left.front());
  if (!touched->left.empty() && !left_is_within) {
    for (Family& part : ConnectedParts({.texts = touched->left})) parts.push_back(std::move(part));
  }
  touched->left.clear();
  Regroup(parts, added, touched);
}

// A text is known by the next document that has it; where none has, it is gone.
void DecisionOracle::TakeFromFamily(const Document& gone, Touched* touched) {
  for (Family& family : families_) {
    const auto text = std::find(family.texts.begin(), family.texts.end(), gone.number);
    if (text == family.texts.end()) continue;
    DocumentNumber next = DocumentNumber::kNone;
    for (const DocumentNumber member : MembersOf(gone.cluster)) {
      const bool same = documents_.at(member).fingerprint.exact_key == gone.fingerprint.exact_key;
      const bool known = std::find(family.texts.begin(), family.texts.end(), member) !=
                         family.texts.end();
      if (same && !known && next == DocumentNumber::kNone) next = member;
    }
    if (next == DocumentNumber::kNone) {
      family.texts.erase(text);
      touched->behind = family;
      if (!family.full && fault_ != Fault::kFamiliesOutliveTheirTexts) touched->left = family.texts;
    } else {
      *text = next;
      std::sort(family.texts.begin(), family.texts.end());
      for (const DocumentNumber other : family.texts) {
        if (other == next) continue;
        scores_[{next, other}] = scores_[{other, next}] = scores_.at({gone.number, other});
        shared_[{next, other}] = shared_[{other, next}] = shared_.at({gone.number, other});
      }
    }
    break;
  }
  std::erase_if(families_, [](const Family& family) { return family.texts.empty(); });
}

std::vector<DecisionOracle::Family> DecisionOracle::ConnectedParts(const Family& family) const {
  std::vector<std::set<DocumentNumber>> parts;
  for (const DocumentNumber text : family.texts) {
    std::set<DocumentNumber> part = {text};
    for (std::set<DocumentNumber>& other : parts) {
      const bool connected =
          std::any_of(other.begin(), other.end(), [&](DocumentNumber older) {
            return Connects(static_cast<int16_t>(scores_.at({text, older})));
          });
      if (connected) part.merge(std::exchange(other, {}));
    }
    parts.push_back(std::move(part));
    std::erase_if(parts, [](const auto& empty) { return empty.empty(); });
  }
  std::sort(parts.begin(), parts.end());
  std::vector<Family> families;
  for (const auto& part : parts) {
    families.push_back({.texts = std::vector<DocumentNumber>(part.begin(), part.end())});
  }
  return families;
}

DecisionOracle::Blocks DecisionOracle::Partitioned(const std::vector<DocumentNumber>& texts) const {
  // Of blocks that agree alike, those of the earliest texts.
  const auto when = [this](DocumentNumber number) {
    const Document& document = documents_.at(number);
    return std::tuple(document.published_us, document.fingerprint.exact_key, number);
  };
  const auto first = [&when](const std::vector<DocumentNumber>& block) {
    return when(*std::ranges::min_element(block, {}, when));
  };
  Blocks blocks;
  for (const DocumentNumber text : texts) {
    std::vector<DocumentNumber> block = {text};
    for (std::vector<DocumentNumber>& other : blocks) {
      const bool bound = std::any_of(other.begin(), other.end(), [&](DocumentNumber older) {
        return scores_.at({text, older}) == kBoundPair;
      });
      if (!bound) continue;
      block.insert(block.end(), other.begin(), other.end());
      other.clear();
    }
    std::erase_if(blocks, [](const auto& empty) { return empty.empty(); });
    blocks.push_back(std::move(block));
  }
  for (;;) {
    std::ranges::sort(blocks, {}, first);
    std::pair<size_t, size_t> best;
    int64_t best_sum = 0;
    int64_t best_pairs = 0;
    for (size_t a = 0; a < blocks.size(); ++a) {
      for (size_t b = a + 1; b < blocks.size(); ++b) {
        int64_t sum = 0;
        auto pairs = static_cast<int64_t>(blocks[a].size() * blocks[b].size());
        int most = kGuardedPair;
        bool apart = false;
        for (const DocumentNumber text : blocks[a]) {
          for (const DocumentNumber other : blocks[b]) {
            sum += scores_.at({text, other});
            apart |= scores_.at({text, other}) == kApartPair;
            most = std::max(most, scores_.at({text, other}));
          }
        }
        if (fault_ == Fault::kOneAgreementJoins) sum = most * pairs;
        if (apart || sum < kJoiningScore * pairs) continue;
        if (best_pairs > 0 && sum * best_pairs <= best_sum * pairs) continue;
        best = {a, b};
        best_sum = sum;
        best_pairs = pairs;
      }
    }
    if (best_pairs == 0) return blocks;
    std::vector<DocumentNumber>& into = blocks[best.first];
    into.insert(into.end(), blocks[best.second].begin(), blocks[best.second].end());
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(best.second));
  }
}

void DecisionOracle::Regroup(const std::vector<Family>& parts, DocumentNumber added,
                             Touched* touched) {
  std::set<DocumentNumber> texts;
  Blocks blocks;
  for (const Family& part : parts) {
    texts.insert(part.texts.begin(), part.texts.end());
    for (auto& block : Partitioned(part.texts)) blocks.push_back(std::move(block));
  }
  std::erase_if(families_, [&](const Family& family) {
    return texts.contains(family.texts.front());
  });
  for (const Family& part : parts) {
    if (part.texts.size() > 1) families_.push_back(part);
  }
  // Each document of the clusters that have these texts, with its text's block.
  std::map<DocumentNumber, size_t> block_of;
  std::map<ClusterId, std::map<size_t, std::vector<DocumentNumber>>> holdings;
  for (size_t block = 0; block < blocks.size(); ++block) {
    for (const DocumentNumber text : blocks[block]) {
      if (text == added) continue;
      for (const DocumentNumber member : MembersOf(documents_.at(text).cluster)) {
        const bool same = documents_.at(member).fingerprint.exact_key ==
                          documents_.at(text).fingerprint.exact_key;
        if (same && !texts.contains(member)) block_of.try_emplace(member, block);
      }
      block_of[text] = block;
    }
  }
  for (const auto& [number, block] : block_of) {
    holdings[documents_.at(number).cluster][block].push_back(number);
  }
  std::vector<ClusterId> ids(blocks.size(), ClusterId::kNone);
  std::map<ClusterId, size_t> redirects;
  for (const auto& [cluster, of_blocks] : holdings) {
    const auto most = std::max_element(
        of_blocks.begin(), of_blocks.end(), [](const auto& a, const auto& b) {
          return std::pair(a.second.size(), b.second.front()) <
                 std::pair(b.second.size(), a.second.front());
        });
    ClusterId& id = ids[most->first];
    if (id == ClusterId::kNone) {
      id = cluster;
    } else if (fault_ == Fault::kYoungestIdStays) {
      redirects[std::exchange(id, cluster)] = most->first;
    } else {
      redirects[cluster] = most->first;
    }
  }
  size_t of_added = blocks.size();
  for (size_t block = 0; block < blocks.size(); ++block) {
    const bool is_own = std::find(blocks[block].begin(), blocks[block].end(), added) !=
                        blocks[block].end();
    if (is_own) of_added = block;
    if (ids[block] != ClusterId::kNone) continue;
    ids[block] =
        is_own ? IdOfItsOwn(added, *touched) : static_cast<ClusterId>(++last_drawn_);
  }
  MoveDocuments(block_of, ids, redirects, touched);
  if (of_added < blocks.size()) PutAdded(added, ids[of_added], touched);
}

void DecisionOracle::MoveDocuments(const std::map<DocumentNumber, size_t>& block_of,
                                   const std::vector<ClusterId>& ids,
                                   const std::map<ClusterId, size_t>& redirects,
                                   Touched* touched) {
  for (const auto& [number, block] : block_of) {
    Document& document = documents_.at(number);
    const auto redirect = redirects.find(document.cluster);
    if (document.cluster == ids[block]) continue;
    if (redirect != redirects.end() && redirect->second == block) continue;
    if (document.sequence > 0) {  // the one that is being added had no place before
      ++moves_;
      ++touched->moved;
    }
    DocumentNumber& pinned = clusters_.at(document.cluster).pinned;
    if (pinned == number) {
      pinned = DocumentNumber::kNone;
      DocumentNumber& there = clusters_[ids[block]].pinned;
      if (there == DocumentNumber::kNone) there = number;
    }
    touched->lost[document.cluster].push_back(document);
    touched->clusters.insert(document.cluster);
    touched->clusters.insert(ids[block]);
    touched->changed.insert(number);
    document.cluster = ids[block];
    if (!document.fingerprint.is_short()) document.bands = kAllBands;
  }
  for (const auto& [from, block] : redirects) Merge(from, ids[block], touched);
}

// That of the cluster which an update leaves empty, or a new one.
ClusterId DecisionOracle::IdOfItsOwn(DocumentNumber added, const Touched& touched) const {
  const bool inherits = touched.replaced_in != ClusterId::kNone &&
                        MembersOf(touched.replaced_in).empty() &&
                        fault_ != Fault::kUpdatesFoundClusters;
  return inherits ? touched.replaced_in : static_cast<ClusterId>(added);
}

void DecisionOracle::PutAdded(DocumentNumber added, ClusterId id, Touched* touched) {
  if (touched->replaced_in != ClusterId::kNone && touched->replaced_in != id &&
      MembersOf(touched->replaced_in).empty()) {
    Merge(touched->replaced_in, id, touched);
  }
  documents_.at(added).cluster = id;
  touched->clusters.insert(id);
  DocumentNumber& pinned = clusters_[id].pinned;
  if (touched->pin_follows && pinned == DocumentNumber::kNone) pinned = added;
}

void DecisionOracle::Merge(ClusterId from, ClusterId to, Touched* touched) {
  touched->clusters.insert(to);
  touched->merged.push_back(from);
  for (const DocumentNumber member : MembersOf(from)) {
    documents_.at(member).cluster = to;
    touched->changed.insert(member);
  }
  for (auto& [old, leads_to] : redirects_) {
    if (leads_to == from) leads_to = to;
  }
  redirects_[from] = to;
  Cluster& surviving = clusters_[to];
  const Cluster& merged = clusters_.at(from);
  if (surviving.pinned == DocumentNumber::kNone) surviving.pinned = merged.pinned;
  surviving.words.insert(surviving.words.end(), merged.words.begin(), merged.words.end());
  std::sort(surviving.words.begin(), surviving.words.end());
  clusters_.erase(from);
  touched->clusters.erase(from);
  if (touched->replaced_in == from) touched->replaced_in = to;
  std::vector<Document>& lost = touched->lost[to];
  lost.insert(lost.end(), touched->lost[from].begin(), touched->lost[from].end());
}

}  // namespace wonbon::oracle
