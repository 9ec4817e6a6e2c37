#include "core/cluster/election.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "core/document_time.h"

namespace wonbon {
namespace {

// The less the better.
enum class Standing { kClean, kComplete, kCut };

// The index among `ranked`; its size where the publisher is none of them.
size_t RankOf(const DocumentEntry& entry, const std::vector<uint64_t>& ranked) {
  if (entry.publisher_key == 0) return ranked.size();
  return static_cast<size_t>(std::find(ranked.begin(), ranked.end(), entry.publisher_key) -
                             ranked.begin());
}

// Preference and time: the less the better.
struct Precedence {
  size_t publisher_rank = 0;  // in the order of the preferred, then the wire publishers
  bool doubtful = false;
  int64_t first_published_us = 0;
  auto operator<=>(const Precedence&) const = default;
};

struct Candidate {
  const ArticleVersions* article = nullptr;
  Standing standing = Standing::kClean;
  Precedence precedence;
  int64_t merit = 0;

  DocumentNumber number() const { return article->newest->entry.number; }
  bool IsBefore(const Candidate& other) const {
    return std::tie(standing, precedence, other.merit) <
           std::tie(other.standing, other.precedence, merit);
  }
  bool IsEqualTo(const Candidate& other) const {
    return !IsBefore(other) && !other.IsBefore(*this);
  }
};

Standing StandingBy(const Agreement& agreement, const Contender& member, uint32_t fullest) {
  if (!agreement.is_witnessed()) {
    return member.entry.shingles >= kCompleteShare * fullest ? Standing::kClean : Standing::kCut;
  }
  if (!agreement.IsComplete(member)) return Standing::kCut;
  return agreement.IsClean(member) ? Standing::kClean : Standing::kComplete;
}

std::vector<Candidate> MakeCandidates(const std::vector<ArticleVersions>& articles,
                                      const CollectionRecord& collection,
                                      const Agreement& agreement) {
  uint32_t fullest = 0;
  for (const ArticleVersions& article : articles) {
    fullest = std::max(fullest, article.newest->entry.shingles);
  }
  std::vector<Candidate> candidates;
  for (const ArticleVersions& article : articles) {
    const Contender& newest = *article.newest;
    candidates.push_back(
        {.article = &article,
         .standing = StandingBy(agreement, newest, fullest),
         .precedence = {.publisher_rank = RankOf(newest.entry, collection.publisher_ranks),
                        .doubtful = article.doubtful,
                        .first_published_us = article.first_published_us},
         .merit = agreement.MeritOf(newest)});
  }
  return candidates;
}

CanonicalReason ReasonOf(const Candidate& best, const std::vector<Candidate>& candidates,
                         const CollectionRecord& collection) {
  const size_t rank = best.precedence.publisher_rank;
  if (rank < collection.settings.preferred_publishers.size()) {
    return CanonicalReason::kPreferredPublisher;
  }
  if (rank < collection.publisher_ranks.size()) return CanonicalReason::kWireOrigin;
  if (best.article->revised) return CanonicalReason::kLatestRevision;
  CanonicalReason reason = CanonicalReason::kEarliest;
  for (const Candidate& other : candidates) {
    if (&other == &best || other.precedence > best.precedence) continue;
    if (!best.IsEqualTo(other)) return CanonicalReason::kComplete;
    reason = CanonicalReason::kSmallestId;
  }
  return reason;
}

}  // namespace

Election Elect(absl::Span<const Contender> members, DocumentNumber pinned,
               const CollectionRecord& collection, const Agreement& agreement,
               const std::function<std::string(DocumentNumber)>& id_of) {
  if (members.size() == 1) return {members[0].entry.number, CanonicalReason::kOnlyDocument};
  for (const Contender& member : members) {
    if (member.entry.number == pinned) return {pinned, CanonicalReason::kPinned};
  }
  const std::vector<ArticleVersions> articles = GatherVersions(members);
  const std::vector<Candidate> candidates = MakeCandidates(articles, collection, agreement);
  const Candidate* best = &candidates.front();
  std::optional<std::string> best_id;  // where it was asked
  for (const Candidate& candidate : candidates) {
    if (&candidate == best || best->IsBefore(candidate)) continue;
    if (candidate.IsBefore(*best)) {
      best = &candidate;
      best_id.reset();
      continue;
    }
    if (!best_id.has_value()) best_id = id_of(best->number());
    std::string id = id_of(candidate.number());
    if (*best_id < id) continue;
    best = &candidate;
    best_id = std::move(id);
  }
  return {best->number(), ReasonOf(*best, candidates, collection)};
}

Election Elect(absl::Span<const DocumentEntry> members, DocumentNumber pinned,
               const CollectionRecord& collection,
               const std::function<std::string(DocumentNumber)>& id_of) {
  std::vector<Contender> numbered;
  for (const DocumentEntry& entry : members) {
    numbered.push_back({.entry = entry, .text = numbered.size()});
  }
  return Elect(numbered, pinned, collection, Agreement({}), id_of);
}

// The standing article's time is that of its first version: no later than its own.
bool StandsBehind(const Contender& joined, const Contender& standing,
                  const CollectionRecord& collection, const Agreement& agreement) {
  const auto precedence = [&collection](const DocumentEntry& entry) {
    return Precedence{.publisher_rank = RankOf(entry, collection.publisher_ranks),
                      .doubtful = !IsPlausible(entry.first_published_us, entry.received_us),
                      .first_published_us = entry.first_published_us};
  };
  if (precedence(standing.entry) >= precedence(joined.entry)) return false;
  if (joined.text == standing.text) return true;
  if (agreement.is_witnessed()) {
    return StandingBy(agreement, standing, 0) <= StandingBy(agreement, joined, 0);
  }
  const uint32_t fuller = std::max(standing.entry.shingles, joined.entry.shingles);
  return StandingBy(agreement, standing, fuller) == Standing::kClean;
}

}  // namespace wonbon
