// The change that a command makes, and the answer to it. Candidates and what is told of them are in
// decision_oracle_placement.cc, families in decision_oracle_families.cc, elections in
// decision_oracle_election.cc.
#include "tests/oracle/decision_oracle.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "core/cluster/decide.h"
#include "core/cluster/placement.h"
#include "core/document_time.h"
#include "core/index/memory_index.h"
#include "core/limits.h"
#include "tests/oracle/decision_oracle_parts.h"

namespace wonbon::oracle {
namespace {

// The answer names the version that was judged, the record the one that stands.
void NameJudgedVersion(DocumentNumber standing, DocumentNumber judged, Decision* decision) {
  const auto name = [standing, judged](Match& match) {
    if (match.number == standing) match.number = judged;
  };
  for (Match& match : decision->matches) name(match);
  for (Match& match : decision->links) name(match);
  if (decision->best_match.has_value()) name(*decision->best_match);
}

}  // namespace

DecisionOracle::DecisionOracle(CollectionSettings settings, Sequence last_sequence, Fault fault)
    : settings_(std::move(settings)), fault_(fault), rarity_(64), last_drawn_(last_sequence) {}

std::vector<DocumentNumber> DecisionOracle::MembersOf(ClusterId id) const {
  std::vector<DocumentNumber> members;
  for (const auto& [number, document] : documents_) {
    if (document.cluster == id) members.push_back(number);
  }
  return members;
}

bool DecisionOracle::IsExpired(const Document& document, int64_t now_us) const {
  if (settings_.retention == absl::ZeroDuration()) return false;
  const int64_t since_us = fault_ == Fault::kRetentionCountsFromArrival
                               ? document.received_us
                               : std::min(BelievedTimeOf(document), document.received_us);
  return since_us < now_us - absl::ToInt64Microseconds(settings_.retention);
}

DecisionOracle::Document DecisionOracle::Made(const Submission& submission,
                                              const Document* standing, int64_t now_us) const {
  const std::optional<absl::Time>& published_at =
      submission.prepared->content.document.published_at;
  Document made{.prepared = submission.prepared,
                .fingerprint = submission.fingerprint,
                .published_us =
                    published_at.has_value() ? absl::ToUnixMicros(*published_at) : now_us,
                .received_us = now_us};
  if (submission.fingerprint.is_short()) made.flags |= kFlagShortText;
  made.first_published_us = made.published_us;
  if (standing != nullptr) {
    made.first_published_us =
        EarlierTime(made.published_us, standing->first_published_us, now_us);
  }
  return made;
}

bool DecisionOracle::Corrects(const Document& added, const Document& standing) const {
  return fault_ != Fault::kCorrectionsAreGuarded &&
         std::abs(added.published_us - standing.published_us) <= kCorrectionTimeUs;
}

absl::StatusOr<Decision> DecisionOracle::Submit(const Submission& submission, int64_t now_us) {
  const DocumentContent& content = submission.prepared->content;
  const auto id = ids_.find(content.document.id);
  const Document* standing = id == ids_.end() ? nullptr : &documents_.at(id->second);
  if (standing != nullptr &&
      standing->prepared->content.identity.content == content.identity.content) {
    return Answer(*standing, Outcome::kUnchanged);
  }
  const bool updates = standing != nullptr;
  Document added = Made(submission, standing, now_us);
  if (IsExpired(added, now_us)) return absl::FailedPreconditionError("past its retention");

  const DocumentNumber replaced = updates ? standing->number : DocumentNumber::kNone;
  const Profile& profile = submission.prepared->profile;
  std::set<DocumentNumber> told;
  bool truncated = false;
  const std::vector<Verdict> verdicts = Hear(
      FindCandidates(submission.fingerprint, replaced, &truncated), profile, replaced, &told);
  if (truncated) added.flags |= kFlagTruncatedCandidates;
  std::vector<ClusterId> clusters;
  for (const Verdict& verdict : verdicts) clusters.push_back(verdict.cluster);
  Match of_standing;
  const ClusterId stood_in = updates ? standing->cluster : ClusterId::kNone;
  if (updates) {
    const Judgement judgement = JudgeTexts(profile, replaced);
    if (Corrects(added, *standing)) corrected_ = standing->prepared;
    if (judgement.same_article() || corrected_ != nullptr) clusters.push_back(stood_in);
    of_standing = MatchOf(replaced, judgement);
    of_standing.relation = Relation::kRevision;
  }
  added.number = static_cast<DocumentNumber>(++last_drawn_);
  Touched touched{.replaces = updates};
  if (updates) Remove(replaced, &touched);
  touched.replaced_in = stood_in;
  documents_[added.number] = added;
  ids_[content.document.id] = added.number;
  tombstones_.erase(content.document.id);
  if (!verdicts.empty() && verdicts.front().exact) {
    PutAdded(added.number, verdicts.front().cluster, &touched);
  } else {
    Join(added.number, clusters, &told, &touched);
  }
  corrected_ = nullptr;
  RegroupLeft(&touched);
  Document& settled = documents_.at(added.number);
  const bool stays = updates && settled.cluster == touched.replaced_in;
  Tell(told, &settled);
  const bool joins = std::any_of(settled.matches.begin(), settled.matches.end(),
                                 [](const Match& match) { return Joins(match.relation); });
  if (!joins && !settled.matches.empty() && !stays) {
    settled.relation = settled.matches.front().relation = Relation::kNear;
  }
  if (stays) {
    settled.relation = Relation::kRevision;
    if (!joins) {
      of_standing.number = added.number;
      settled.matches.insert(settled.matches.begin(), of_standing);
      if (settled.matches.size() > kMaxMatches) settled.matches.pop_back();
    }
  }
  settled.moved = touched.moved;
  for (const ClusterId from : touched.merged) {
    if (redirects_.at(from) == settled.cluster) settled.merged.push_back(from);
  }
  Settle(added.number, std::move(touched));
  Decision decision = Answer(documents_.at(added.number),
                             updates ? Outcome::kUpdated : Outcome::kCreated);
  NameJudgedVersion(added.number, replaced, &decision);
  return decision;
}

// What is kept of the answer, without the documents that are gone, and how the cluster stands.
Decision DecisionOracle::Answer(const Document& document, Outcome outcome) const {
  const Cluster& cluster = clusters_.at(document.cluster);
  const Document& canonical = documents_.at(cluster.canonical);
  Decision decision{.document_id = document.text().id,
                    .outcome = outcome,
                    .relation = document.relation,
                    .cluster = document.cluster,
                    .is_canonical = canonical.number == document.number,
                    .canonical = MakeCanonicalCopy(canonical.prepared->content,
                                                   static_cast<uint8_t>(cluster.reason)),
                    .merged = document.merged,
                    .moved_ids = {},
                    .moved_documents = static_cast<uint32_t>(document.moved),
                    .cluster_size = static_cast<uint32_t>(MembersOf(document.cluster).size()),
                    .sequence = document.sequence,
                    .flags = document.flags};
  decision.canonical.number = canonical.number;
  const auto tell = [this](const std::vector<Match>& found, std::vector<Match>* told) {
    for (Match match : found) {
      const auto other = documents_.find(match.number);
      if (other == documents_.end()) continue;
      match.cluster = other->second.cluster;
      told->push_back(std::move(match));
    }
  };
  tell(document.matches, &decision.matches);
  tell(document.links, &decision.links);
  for (const Match& match : decision.matches) {
    if (!Joins(match.relation)) continue;
    decision.best_match = match;
    break;
  }
  return decision;
}

absl::StatusOr<bool> DecisionOracle::Delete(const std::string& id) {
  const auto found = ids_.find(id);
  if (found == ids_.end()) {
    if (tombstones_.contains(id)) return false;
    return absl::NotFoundError(id);
  }
  Touched touched;
  ++last_drawn_;
  Remove(found->second, &touched);
  if (fault_ != Fault::kTombstonesAreForgotten) tombstones_.insert(id);
  RegroupLeft(&touched);
  Settle(DocumentNumber::kNone, std::move(touched));
  return true;
}

uint64_t DecisionOracle::Expire(int64_t now_us) {
  std::vector<DocumentNumber> expired;
  for (const auto& [number, document] : documents_) {
    if (IsExpired(document, now_us)) expired.push_back(number);
  }
  for (const DocumentNumber number : expired) {
    Touched touched;
    ++last_drawn_;
    Remove(number, &touched);
    RegroupLeft(&touched);
    Settle(DocumentNumber::kNone, std::move(touched));
  }
  return expired.size();
}

void DecisionOracle::Remove(DocumentNumber number, Touched* touched) {
  const Document gone = documents_.at(number);
  DocumentNumber& pinned = clusters_.at(gone.cluster).pinned;
  if (pinned == number) {
    pinned = DocumentNumber::kNone;
    touched->pin_follows = touched->replaces && fault_ != Fault::kPinsAreForgotten;
  }
  if (touched->replaces) touched->words = WordsOf(gone);
  documents_.erase(number);
  ids_.erase(gone.text().id);
  touched->clusters.insert(gone.cluster);
  touched->lost[gone.cluster].push_back(gone);
  TakeFromFamily(gone, touched);
}

// What a family that lost a text falls into, where nothing joined it meanwhile.
void DecisionOracle::RegroupLeft(Touched* touched) {
  if (touched->left.empty()) return;
  const Family left{.texts = std::exchange(touched->left, {})};
  Regroup(ConnectedParts(left), DocumentNumber::kNone, touched);
}

// A key that one of the cluster's newest members has posted is not posted again.
void DecisionOracle::PostBands(Document* added) const {
  added->bands = added->fingerprint.is_short() ? 0 : kAllBands;
  std::vector<DocumentNumber> members = MembersOf(added->cluster);
  std::reverse(members.begin(), members.end());
  if (members.size() > kMaxScannedMembers) members.resize(kMaxScannedMembers);
  for (const DocumentNumber number : members) {
    if (number == added->number) continue;
    const Document& member = documents_.at(number);
    added->bands &= ~(member.bands & BandsInCommon(added->fingerprint, member.fingerprint));
  }
}

// What only a lost document had posted is posted by the first member that shares it.
void DecisionOracle::PassBandsOn(ClusterId id, DocumentNumber added, Touched* touched) {
  for (const Document& lost : touched->lost[id]) {
    uint32_t open = lost.bands;
    for (const DocumentNumber number : MembersOf(id)) {
      if (number == added) continue;
      Document& member = documents_.at(number);
      const uint32_t shared = open & BandsInCommon(lost.fingerprint, member.fingerprint);
      if ((shared & ~member.bands) != 0) touched->changed.insert(number);
      member.bands |= shared;
      open &= ~shared;
    }
  }
}

void DecisionOracle::Settle(DocumentNumber added, Touched touched) {
  const std::set<ClusterId> clusters = touched.clusters;
  for (const ClusterId id : clusters) {
    if (MembersOf(id).empty()) {
      clusters_.erase(id);
      touched.clusters.erase(id);
      continue;
    }
    PassBandsOn(id, added, &touched);
    ElectCanonical(id);
  }
  if (added != DocumentNumber::kNone) {
    PostBands(&documents_.at(added));
    touched.changed.insert(added);
  }
  for (const DocumentNumber number : touched.changed) documents_.at(number).sequence = last_drawn_;
  for (const ClusterId id : touched.clusters) clusters_.at(id).sequence = last_drawn_;
  // What is no pair of a family is judged again when it is asked for.
  std::map<DocumentNumber, const Family*> family_of;
  for (const Family& family : families_) {
    for (const DocumentNumber text : family.texts) family_of[text] = &family;
  }
  const auto is_no_pair = [&family_of](const auto& of_pair) {
    const auto a = family_of.find(of_pair.first.first);
    const auto b = family_of.find(of_pair.first.second);
    return a == family_of.end() || b == family_of.end() || a->second != b->second;
  };
  std::erase_if(scores_, is_no_pair);
  std::erase_if(shared_, is_no_pair);
}

void DecisionOracle::ElectCanonical(ClusterId id) {
  Cluster& cluster = clusters_[id];
  const auto [elected, reason] = Elect(id);
  const bool pinned = cluster.pinned != DocumentNumber::kNone && MembersOf(id).size() > 1;
  cluster.canonical = pinned ? cluster.pinned : elected;
  cluster.reason = pinned ? CanonicalReason::kPinned : reason;
}

}  // namespace wonbon::oracle
