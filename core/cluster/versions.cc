#include "core/cluster/versions.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/document_time.h"
#include "core/judge/version_mark.h"

namespace wonbon {
namespace {

// Places that hang together.
class Links {
 public:
  explicit Links(size_t size) : first_(size) { std::iota(first_.begin(), first_.end(), 0); }
  size_t FirstOf(size_t place) {
    while (first_[place] != place) place = first_[place] = first_[first_[place]];
    return place;
  }
  void Link(size_t a, size_t b) {
    a = FirstOf(a);
    b = FirstOf(b);
    first_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<size_t> first_;
};

// A document without a time of publication has that of its arrival.
bool HasTime(const DocumentEntry& entry) {
  return entry.published_us != entry.received_us &&
         IsPlausible(entry.published_us, entry.received_us);
}

// Links each of `members` to what it is a version of. `by_time`: their places, each publisher's
// together and in the order of publication.
class VersionLinks {
 public:
  VersionLinks(absl::Span<const Contender> members, const std::vector<size_t>& by_time)
      : members_(members), by_time_(by_time), links_(members.size()) {
    LinkUrls();
    LinkHeadlines();
    // The nearest marked one on either side: those beyond it hang together with it.
    LinkMarked(by_time.begin(), by_time.end());
    LinkMarked(by_time.rbegin(), by_time.rend());
  }
  size_t FirstOf(size_t place) { return links_.FirstOf(place); }

 private:
  const DocumentEntry& At(size_t place) const { return members_[place].entry; }
  bool AreNear(size_t a, size_t b) const {
    return At(a).publisher_key == At(b).publisher_key &&
           std::abs(BelievedTime(At(a)) - BelievedTime(At(b))) <= kVersionTimeUs;
  }
  void LinkUrls() {
    absl::flat_hash_map<std::pair<uint64_t, uint64_t>, size_t> of_url;
    for (const size_t place : by_time_) {
      if (At(place).url_key == 0) continue;
      const auto [it, is_new] =
          of_url.try_emplace(std::pair(At(place).publisher_key, At(place).url_key), place);
      if (!is_new) links_.Link(it->second, place);
    }
  }
  void LinkHeadlines() {
    absl::flat_hash_map<std::pair<uint64_t, uint32_t>, size_t> last;
    for (const size_t place : by_time_) {
      if (At(place).publisher_key == 0 || At(place).headline_key == 0) continue;
      const auto [it, is_new] =
          last.try_emplace(std::pair(At(place).publisher_key, At(place).headline_key), place);
      if (!is_new && AreNear(it->second, place)) links_.Link(it->second, place);
      it->second = place;
    }
  }
  template <typename Iterator>
  void LinkMarked(Iterator begin, Iterator end) {
    Iterator marked = end;
    for (Iterator it = begin; it != end; ++it) {
      if (At(*it).publisher_key == 0) continue;
      if (marked != end && AreNear(*marked, *it)) links_.Link(*marked, *it);
      if (At(*it).version_mark != kNoVersionMark) marked = it;
    }
  }

  const absl::Span<const Contender> members_;
  const std::vector<size_t>& by_time_;
  Links links_;
};

// What stands under one url is what its page says now.
bool IsCopyOf(const Contender& a, const Contender& b) {
  const bool one_page = a.entry.url_key != 0 && a.entry.url_key == b.entry.url_key;
  return (!one_page || a.entry.number == b.entry.number) && a.text == b.text &&
         a.entry.headline_key == b.entry.headline_key &&
         a.entry.version_mark == b.entry.version_mark;
}

ArticleVersions MakeArticle(const std::vector<const Contender*>& versions) {
  const bool timed =
      std::all_of(versions.begin(), versions.end(),
                  [](const Contender* version) { return HasTime(version->entry); });
  const auto order = [timed](const Contender* version) {
    const DocumentEntry& entry = version->entry;
    const int64_t time_us = BelievedTime(entry);
    return std::tuple(timed ? time_us : 0, VersionStage(entry.version_mark), time_us,
                      entry.number);
  };
  const auto newer = [&order](const Contender* a, const Contender* b) {
    return order(a) < order(b);
  };
  const Contender* const last = *std::max_element(versions.begin(), versions.end(), newer);
  ArticleVersions article{.newest = last, .first_published_us = 0, .doubtful = true};
  for (const Contender* version : versions) {
    if (!IsCopyOf(*version, *last)) {
      article.revised = true;
    } else if (newer(version, article.newest)) {
      article.newest = version;
    }
  }
  const Contender* const first = *std::min_element(
      versions.begin(), versions.end(), [](const Contender* a, const Contender* b) {
        const auto time = [](const DocumentEntry& entry) {
          return std::pair(!IsPlausible(entry.first_published_us, entry.received_us),
                           entry.first_published_us);
        };
        return time(a->entry) < time(b->entry);
      });
  article.first_published_us = first->entry.first_published_us;
  article.doubtful = !IsPlausible(article.first_published_us, first->entry.received_us);
  return article;
}

}  // namespace

std::vector<ArticleVersions> GatherVersions(absl::Span<const Contender> members) {
  std::vector<size_t> by_time(members.size());
  std::iota(by_time.begin(), by_time.end(), 0);
  std::sort(by_time.begin(), by_time.end(), [members](size_t a, size_t b) {
    const auto order = [](const DocumentEntry& entry) {
      return std::tuple(entry.publisher_key, BelievedTime(entry), entry.number);
    };
    return order(members[a].entry) < order(members[b].entry);
  });
  VersionLinks links(members, by_time);
  std::vector<std::vector<const Contender*>> versions(members.size());
  for (size_t place = 0; place < members.size(); ++place) {
    versions[links.FirstOf(place)].push_back(&members[place]);
  }
  std::vector<ArticleVersions> articles;
  for (const auto& of_article : versions) {
    if (!of_article.empty()) articles.push_back(MakeArticle(of_article));
  }
  return articles;
}

}  // namespace wonbon
