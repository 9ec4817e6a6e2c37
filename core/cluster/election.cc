#include "core/cluster/election.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "core/document_time.h"

namespace wonbon {
namespace {

// An article of the cluster: its newest version, with the time of its first.
struct ArticleVersions {
  const DocumentEntry* newest = nullptr;
  int64_t first_published_us = 0;
  size_t publisher_rank = 0;  // in the order of the preferred, then the wire publishers
  bool revised = false;
};

std::vector<ArticleVersions> GatherVersions(absl::Span<const DocumentEntry> members) {
  std::vector<ArticleVersions> articles;
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, size_t> index_of_url;  // of a publisher
  for (const DocumentEntry& entry : members) {
    if (entry.url_key != 0) {
      const auto [it, is_new] =
          index_of_url.try_emplace(std::pair(entry.publisher_key, entry.url_key), articles.size());
      if (!is_new) {
        ArticleVersions& article = articles[it->second];
        article.first_published_us =
            EarlierTime(article.first_published_us, entry.first_published_us, entry.received_us);
        if (std::tuple(BelievedTime(entry), entry.number) >
            std::tuple(BelievedTime(*article.newest), article.newest->number)) {
          article.newest = &entry;
          article.revised = true;
        }
        continue;
      }
    }
    articles.push_back({.newest = &entry, .first_published_us = entry.first_published_us});
  }
  return articles;
}

// The index among `ranked`; its size where the publisher is none of them.
size_t RankOf(const DocumentEntry& entry, const std::vector<uint64_t>& ranked) {
  if (entry.publisher_key == 0) return ranked.size();
  return static_cast<size_t>(std::find(ranked.begin(), ranked.end(), entry.publisher_key) -
                             ranked.begin());
}

}  // namespace

Election Elect(absl::Span<const DocumentEntry> members, DocumentNumber pinned,
               const CollectionRecord& collection,
               const std::function<std::string(DocumentNumber)>& id_of) {
  if (members.size() == 1) return {members[0].number, CanonicalReason::kOnlyDocument};
  for (const DocumentEntry& entry : members) {
    if (entry.number == pinned) return {pinned, CanonicalReason::kPinned};
  }
  std::vector<ArticleVersions> articles = GatherVersions(members);
  const std::vector<uint64_t>& ranked = collection.publisher_ranks;
  uint32_t fullest = 0;
  for (ArticleVersions& article : articles) {
    fullest = std::max(fullest, article.newest->shingles);
    article.publisher_rank = RankOf(*article.newest, ranked);
  }
  const auto is_complete = [fullest](const ArticleVersions& article) {
    return article.newest->shingles >= kCompleteShare * fullest;
  };
  const ArticleVersions* best = nullptr;
  const ArticleVersions* runner_up = nullptr;  // of the same rank and time
  bool earlier_was_cut = false;
  const auto order = [](const ArticleVersions& article) {
    const bool doubtful = !IsPlausible(article.first_published_us, article.newest->received_us);
    return std::tuple(article.publisher_rank, doubtful, article.first_published_us);
  };
  for (const ArticleVersions& article : articles) {
    if (!is_complete(article)) continue;
    if (best != nullptr && order(article) == order(*best)) {
      runner_up = best;
      if (id_of(article.newest->number) < id_of(best->newest->number)) best = &article;
    } else if (best == nullptr || order(article) < order(*best)) {
      best = &article;
      runner_up = nullptr;
    }
  }
  for (const ArticleVersions& article : articles) {
    if (!is_complete(article) && order(article) < order(*best)) earlier_was_cut = true;
  }
  const size_t preferred = collection.settings.preferred_publishers.size();
  CanonicalReason reason = CanonicalReason::kEarliest;
  if (best->publisher_rank < preferred) {
    reason = CanonicalReason::kPreferredPublisher;
  } else if (best->publisher_rank < ranked.size()) {
    reason = CanonicalReason::kWireOrigin;
  } else if (best->revised) {
    reason = CanonicalReason::kLatestRevision;
  } else if (earlier_was_cut) {
    reason = CanonicalReason::kComplete;
  } else if (runner_up != nullptr) {
    reason = CanonicalReason::kSmallestId;
  }
  return {best->newest->number, reason};
}

// The standing article's time is that of its first version: no later than its own.
bool StandsBehind(const DocumentEntry& joined, const DocumentEntry& standing,
                  const CollectionRecord& collection) {
  const auto order = [&collection](const DocumentEntry& entry) {
    return std::tuple(RankOf(entry, collection.publisher_ranks),
                      !IsPlausible(entry.first_published_us, entry.received_us),
                      entry.first_published_us);
  };
  return order(standing) < order(joined) &&
         standing.shingles >= kCompleteShare * std::max(standing.shingles, joined.shingles);
}

}  // namespace wonbon
