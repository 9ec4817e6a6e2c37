// Who stands for a cluster of the oracle: versions, then completeness, then preference and time.
#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "core/cluster/agreement.h"
#include "core/cluster/versions.h"
#include "core/document_time.h"
#include "core/judge/version_mark.h"
#include "tests/oracle/decision_oracle_parts.h"

namespace wonbon::oracle {
namespace {

using Document = DecisionOracle::Document;
using Documents = std::vector<const Document*>;

const Identity& IdentityOf(const Document& document) {
  return document.prepared->content.identity;
}

int MarkOf(const Document& document) { return document.prepared->profile.version_mark; }

uint32_t HeadlineOf(const Document& document) {
  return static_cast<uint32_t>(IdentityOf(document).headline);
}

bool AreVersions(const Document& a, const Document& b, Fault fault) {
  if (IdentityOf(a).publisher != IdentityOf(b).publisher) return false;
  const uint64_t url = IdentityOf(a).article_url;
  if (url != 0 && url == IdentityOf(b).article_url) return true;
  if (IdentityOf(a).publisher == 0 || fault == Fault::kUrlsAloneTellVersions) return false;
  if (std::abs(BelievedTimeOf(a) - BelievedTimeOf(b)) > kVersionTimeUs) return false;
  const bool one_headline = HeadlineOf(a) != 0 && HeadlineOf(a) == HeadlineOf(b);
  return one_headline || MarkOf(a) != 0 || MarkOf(b) != 0;
}

bool IsTimed(const Document& document) {
  return IsPlausible(document.published_us, document.received_us) &&
         document.published_us != document.received_us;
}

bool AreCopies(const Document& a, const Document& b) {
  const uint64_t url = IdentityOf(a).article_url;
  if (a.number != b.number && url != 0 && url == IdentityOf(b).article_url) return false;
  return a.fingerprint.exact_key == b.fingerprint.exact_key && HeadlineOf(a) == HeadlineOf(b) &&
         MarkOf(a) == MarkOf(b);
}

// An article of a cluster, by what is said of its versions.
struct Article {
  const Document* newest = nullptr;
  std::pair<bool, int64_t> first = {};  // whether it cannot be; the time
  bool revised = false;
};

Article ArticleOf(Documents versions) {
  const bool timed = std::all_of(versions.begin(), versions.end(),
                                 [](const Document* version) { return IsTimed(*version); });
  std::sort(versions.begin(), versions.end(), [timed](const Document* a, const Document* b) {
    const auto order = [timed](const Document& version) {
      const double stage = MarkOf(version) == 0 ? kWholeMark - 0.5 : MarkOf(version);
      const int64_t time_us = BelievedTimeOf(version);
      return std::tuple(timed ? time_us : 0, stage, time_us, version.number);
    };
    return order(*a) < order(*b);
  });
  const Document& last = *versions.back();
  Article article;
  for (const Document* version : versions) {
    const std::pair first(!IsPlausible(version->first_published_us, version->received_us),
                          version->first_published_us);
    if (version == versions.front() || first < article.first) article.first = first;
    if (!AreCopies(*version, last)) article.revised = true;
    if (AreCopies(*version, last) && article.newest == nullptr) article.newest = version;
  }
  return article;
}

std::vector<Article> ArticlesOf(Documents members, Fault fault) {
  std::vector<Article> articles;
  while (!members.empty()) {
    Documents versions = {members.back()};
    members.pop_back();
    for (size_t i = 0; i < versions.size(); ++i) {
      const auto rest = std::partition(
          members.begin(), members.end(),
          [&](const Document* other) { return !AreVersions(*versions[i], *other, fault); });
      versions.insert(versions.end(), rest, members.end());
      members.erase(rest, members.end());
    }
    articles.push_back(ArticleOf(std::move(versions)));
  }
  return articles;
}

// 0 for the most preferred publisher; publishers without preference come behind the agencies.
size_t RankOf(const std::string& publisher, const CollectionSettings& settings) {
  std::vector<std::string> ranked = settings.preferred_publishers;
  ranked.insert(ranked.end(), settings.wire_publishers.begin(), settings.wire_publishers.end());
  return static_cast<size_t>(std::find(ranked.begin(), ranked.end(), publisher) - ranked.begin());
}

}  // namespace

int64_t BelievedTimeOf(const DecisionOracle::Document& document) {
  return IsPlausible(document.published_us, document.received_us) ? document.published_us
                                                                  : document.received_us;
}

// What is agreed on of each text that the family knows, by its oldest document; nothing unless two
// agree on where the text ends.
std::map<DocumentNumber, uint32_t> DecisionOracle::AgreedTexts(ClusterId cluster,
                                                               uint32_t* most) const {
  Documents texts;
  for (const Family& family : families_) {
    for (const DocumentNumber text : family.texts) {
      if (documents_.at(text).cluster == cluster) texts.push_back(&documents_.at(text));
    }
  }
  if (texts.size() < 3 || fault_ == Fault::kTailsMakeFuller) return {};
  Documents standing;
  for (const Article& article : ArticlesOf(texts, fault_)) standing.push_back(article.newest);
  const auto shared = [this](const Document* a, const Document* b) {
    return shared_.at({a->number, b->number});
  };
  const auto witnesses = [](const Document* a, const Document* b) {
    const uint64_t publisher = IdentityOf(*a).publisher;
    return a != b && (publisher == 0 || publisher != IdentityOf(*b).publisher);
  };
  const auto size = [](const Document* text) { return text->fingerprint.shingles; };
  const auto is_part = [](const Document* text) {
    return MarkOf(*text) != 0 && MarkOf(*text) < kWholeMark;
  };
  std::map<DocumentNumber, uint32_t> agreed;
  for (const Document* text : texts) {
    uint32_t& of_text = agreed[text->number];
    for (const Document* other : standing) {
      if (witnesses(text, other)) of_text = std::max(of_text, shared(text, other));
    }
  }
  for (const Document* text : standing) *most = std::max(*most, agreed[text->number]);
  if (*most == 0) return {};
  for (const Document* text : standing) {
    if (is_part(text) || agreed[text->number] < kCompleteShare * *most) continue;
    for (const Document* a : standing) {
      const auto holds = [&](const Document* other) {
        return witnesses(text, other) && !is_part(other) &&
               shared(text, other) >= kCompleteShare * size(text);
      };
      if (!holds(a)) continue;
      if (shared(text, a) >= kCompleteShare * size(a)) return agreed;
      for (const Document* b : standing) {
        if (!holds(b) || !witnesses(a, b)) continue;
        if (size(text) >= kCompleteShare * shared(a, b)) return agreed;
      }
    }
  }
  return {};
}

std::pair<DocumentNumber, CanonicalReason> DecisionOracle::Elect(ClusterId cluster) const {
  const std::vector<DocumentNumber> numbers = MembersOf(cluster);
  if (numbers.size() == 1) return {numbers.front(), CanonicalReason::kOnlyDocument};
  Documents members;
  for (const DocumentNumber number : numbers) members.push_back(&documents_.at(number));
  const std::vector<Article> articles = ArticlesOf(members, fault_);
  uint32_t most = 0;
  const std::map<DocumentNumber, uint32_t> agreed = AgreedTexts(cluster, &most);
  if (agreed.empty()) {
    most = 0;
    for (const Article& article : articles) {
      most = std::max(most, article.newest->fingerprint.shingles);
    }
  }
  std::map<absl::uint128, uint32_t> agreed_of;
  for (const auto& [text, shingles] : agreed) {
    agreed_of[documents_.at(text).fingerprint.exact_key] = shingles;
  }
  struct Ranked {
    Article article;
    int behind = 0;  // 2: cut, 1: with a tail of its own
    std::tuple<size_t, bool, int64_t> precedence;
    int64_t merit = 0;
  };
  std::vector<Ranked> candidates;
  for (const Article& article : articles) {
    const Document& newest = *article.newest;
    const auto shingles = int64_t{newest.fingerprint.shingles};
    const auto known = agreed_of.find(newest.fingerprint.exact_key);
    const int64_t full = agreed.empty() ? shingles
                         : known != agreed_of.end()
                             ? int64_t{known->second}
                             : std::min<int64_t>(shingles, most);
    const int64_t time_us =
        fault_ == Fault::kLatestIsCanonical ? -article.first.second : article.first.second;
    Ranked& candidate = candidates.emplace_back();
    candidate.article = article;
    candidate.precedence = {RankOf(newest.text().publisher, settings_), article.first.first,
                            time_us};
    candidate.merit = agreed.empty() ? full : 2 * full - shingles;
    if (static_cast<double>(full) < kCompleteShare * static_cast<double>(shingles)) {
      candidate.behind = 1;
    }
    if (static_cast<double>(full) < kCompleteShare * most && fault_ != Fault::kCutCopiesStand) {
      candidate.behind = 2;
    }
  }
  std::sort(candidates.begin(), candidates.end(), [](const Ranked& a, const Ranked& b) {
    return std::tuple(a.behind, a.precedence, -a.merit, a.article.newest->text().id) <
           std::tuple(b.behind, b.precedence, -b.merit, b.article.newest->text().id);
  });
  const Ranked& best = candidates.front();
  const size_t rank = std::get<0>(best.precedence);
  const size_t preferred = settings_.preferred_publishers.size();
  CanonicalReason reason = CanonicalReason::kEarliest;
  for (size_t i = 1; i < candidates.size() && reason != CanonicalReason::kComplete; ++i) {
    const Ranked& other = candidates[i];
    if (other.precedence > best.precedence) continue;
    const bool equal = std::tie(other.behind, other.precedence, other.merit) ==
                       std::tie(best.behind, best.precedence, best.merit);
    reason = equal ? CanonicalReason::kSmallestId : CanonicalReason::kComplete;
  }
  if (best.article.revised) reason = CanonicalReason::kLatestRevision;
  if (rank < preferred + settings_.wire_publishers.size()) reason = CanonicalReason::kWireOrigin;
  if (rank < preferred) reason = CanonicalReason::kPreferredPublisher;
  return {best.article.newest->number, reason};
}

}  // namespace wonbon::oracle
