// A View of plain values for tests of decisions: what it holds is what was put there. No disk, no
// index: the hits of a look-up are given by the test. Not thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/cluster/submission.h"
#include "core/sketch/shingle_list.h"
#include "core/state/state.h"
#include "core/text/canonical.h"

namespace wonbon {

class FakeView : public View {
 public:
  static constexpr CollectionNumber kCollection{1};

  FakeView() { collection_ = {.number = kCollection, .name = "default"}; }

  // Makes a document of `title` and `body`, published `minutes` after the first, and puts it into
  // `cluster`, whose first document becomes its canonical copy.
  DocumentNumber Put(uint64_t number, uint64_t cluster, std::string_view title,
                     std::string_view body, int minutes = 0) {
    const auto key = static_cast<DocumentNumber>(number);
    Submission made = Make("id-" + std::to_string(number), title, body);
    made.prepared->number = key;
    entries_[key] = {.number = key,
                     .collection = kCollection,
                     .cluster = static_cast<ClusterId>(cluster),
                     .bands = made.fingerprint.is_short() ? 0 : kAllBandsOfSketch,
                     .shingles = made.fingerprint.shingles,
                     .published_us = kStart + minutes * int64_t{60'000'000},
                     .first_published_us = kStart + minutes * int64_t{60'000'000},
                     .received_us = kStart + minutes * int64_t{60'000'000}};
    sketches_[key] = ShortSketch(made.fingerprint.sketch);
    samples_[key] = made.fingerprint.sample;
    text_keys_[key] = made.fingerprint.exact_key;
    prepared_[key] = made.prepared;
    ClusterState& state = clusters_[static_cast<ClusterId>(cluster)];
    if (state.members.empty()) {
      state.record = {.id = static_cast<ClusterId>(cluster),
                      .collection = kCollection,
                      .canonical = key};
    }
    state.members.push_back(key);
    last_ = std::max({last_, number, cluster});
    return key;
  }

  static Submission Make(std::string id, std::string_view title, std::string_view body) {
    static const Identifier identifier(Seed{7});
    static const ShingleHasher hasher(Seed{7});
    Document document{.id = std::move(id), .title = std::string(title), .body = std::string(body)};
    const CanonicalText text = Canonicalize(body, {});
    const CanonicalText headline = CanonicalizeTitle(title);
    const ShingleList shingles = hasher.Hash(text.units, text.sentence_ends);
    Submission submission{.collection = kCollection};
    submission.prepared = std::make_shared<PreparedDocument>();
    DocumentContent& content = submission.prepared->content;
    content.identity = identifier.Identify(document, text, headline);
    submission.prepared->profile =
        MakeProfile(content.identity, document.published_at, text, headline, shingles);
    content.document = std::move(document);
    submission.fingerprint = MakeFingerprint(shingles, content.identity);
    submission.judgements.UseRarity(std::make_shared<const Rarity>(64));
    return submission;
  }

  // Makes a family of documents that are there, with the scores of their pairs.
  void Relate(const std::vector<DocumentNumber>& texts, std::vector<int16_t> scores) {
    FamilyRecord family{.collection = kCollection, .texts = {}, .scores = {}, .shared = {}};
    family.shared.resize(scores.size());
    family.scores = std::move(scores);
    for (const DocumentNumber number : texts) {
      family.texts.push_back({.number = number, .cluster = entries_.at(number).cluster});
    }
    for (const FamilyText& text : family.texts) families_[text.cluster] = family;
  }

  void Hit(DocumentHit hit) { hits_.push_back(hit); }
  DocumentEntry& entry(DocumentNumber number) { return entries_.at(number); }
  ShortSketch& sketch(DocumentNumber number) { return sketches_[number]; }
  ClusterState& cluster(uint64_t id) { return clusters_.at(static_cast<ClusterId>(id)); }
  // Its text cannot be found any more, though its entry can.
  void Vanish(DocumentNumber number) { prepared_.erase(number); }

  DocumentFetcher Fetcher() const {
    return
        [this](DocumentNumber number) -> absl::StatusOr<std::shared_ptr<const PreparedDocument>> {
          const auto found = prepared_.find(number);
          if (found == prepared_.end()) return absl::NotFoundError("gone");
          return found->second;
        };
  }

  void FindHits(CollectionNumber, const Fingerprint&,
                std::vector<DocumentHit>* hits) const override {
    hits->insert(hits->end(), hits_.begin(), hits_.end());
  }
  std::optional<DocumentEntry> FindEntry(DocumentNumber number) const override {
    const auto* found = Find(entries_, number);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  const ShortSketch* FindSketch(DocumentNumber number) const override {
    return Find(sketches_, number);
  }
  std::optional<absl::uint128> FindTextKey(DocumentNumber number) const override {
    const auto* found = Find(text_keys_, number);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  FoundCluster FindCluster(ClusterId id) const override {
    const ClusterState* found = Find(clusters_, id);
    return found == nullptr ? FoundCluster() : FoundCluster(found);
  }
  const FamilyRecord* FindFamily(ClusterId cluster) const override {
    return Find(families_, cluster);
  }
  const CollectionRecord* FindCollection(CollectionNumber) const override { return &collection_; }
  VersionAnswer AskVersions(ClusterId, const DocumentEntry&, absl::uint128) const override {
    return {.series_us = kNoSeries};
  }
  std::shared_ptr<const PreparedDocument> PendingDocument(DocumentNumber) const override {
    return nullptr;
  }
  absl::StatusOr<StoreSnapshot::IdState> FindId(CollectionNumber, std::string_view) const override {
    return StoreSnapshot::IdState{};
  }
  absl::StatusOr<DocumentContent> ReadHead(DocumentNumber number) const override {
    const auto found = prepared_.find(number);
    if (found == prepared_.end()) return absl::NotFoundError("gone");
    return found->second->content;
  }
  absl::StatusOr<std::vector<uint32_t>> ReadSample(DocumentNumber number) const override {
    return samples_.at(number);
  }
  Sequence last_sequence() const override { return last_; }
  int64_t last_time_us() const override { return kStart; }

  static constexpr int64_t kStart = 1'770'000'000'000'000;

 private:
  static constexpr uint32_t kAllBandsOfSketch = (1u << kBands) - 1;

  template <typename Map, typename Key>
  static const typename Map::mapped_type* Find(const Map& map, Key key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }

  CollectionRecord collection_;
  std::vector<DocumentHit> hits_;
  std::map<DocumentNumber, DocumentEntry> entries_;
  std::map<DocumentNumber, ShortSketch> sketches_;
  std::map<DocumentNumber, std::vector<uint32_t>> samples_;
  std::map<DocumentNumber, absl::uint128> text_keys_;
  std::map<DocumentNumber, std::shared_ptr<PreparedDocument>> prepared_;
  std::map<ClusterId, ClusterState> clusters_;
  std::map<ClusterId, FamilyRecord> families_;  // by each of their clusters
  Sequence last_ = 0;
};

}  // namespace wonbon
