// Draft: families partitioned anew, and what that moves.
#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/cluster/draft.h"
#include "core/cluster/succession.h"
#include "core/index/memory_index.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// Those of a merged cluster go on with the one that survives.
void TakeWords(const ClusterRecord& merged, ClusterRecord* surviving) {
  std::vector<EditorWord>& words = surviving->words;
  words.insert(words.end(), merged.words.begin(), merged.words.end());
  std::stable_sort(words.begin(), words.end(), [](const EditorWord& a, const EditorWord& b) {
    return a.sequence < b.sequence;
  });
  if (words.size() > kMaxEditorWords) {
    words.erase(words.begin(), words.end() - static_cast<std::ptrdiff_t>(kMaxEditorWords));
  }
}

}  // namespace

FamilyRecord Draft::FamilyLeft(ClusterId cluster) const {
  const FamilyRecord* family = view_->FindFamily(cluster);
  const bool lost = family != nullptr && left_.has_value() &&
                    old_families_.contains(family->number());
  if (family != nullptr && !lost) return *family;
  const auto is_of_cluster = [cluster](const FamilyText& text) { return text.cluster == cluster; };
  if (lost && std::any_of(left_->texts.begin(), left_->texts.end(), is_of_cluster)) return *left_;
  FamilyRecord alone;
  const auto touched = clusters_.find(cluster);
  const FoundCluster before = view_->FindCluster(cluster);
  if (!before) return alone;
  for (const DocumentNumber member : before->members) {
    if (touched != clusters_.end() && touched->second.gone.contains(member)) continue;
    alone.collection = before->record.collection;
    alone.texts.push_back({.number = member, .cluster = cluster});
    return alone;
  }
  return lost ? *left_ : alone;
}

// Of the text that the version has, by whichever document its family knows it.
void Draft::GatherWords(const DocumentEntry& replaced) {
  const FamilyRecord* family = view_->FindFamily(replaced.cluster);
  if (family == nullptr ||
      std::none_of(family->scores.begin(), family->scores.end(), IsWord)) {
    return;
  }
  const std::optional<absl::uint128> key = view_->FindTextKey(replaced.number);
  const auto text = std::find_if(family->texts.begin(), family->texts.end(),
                                 [&](const FamilyText& known) {
                                   return view_->FindTextKey(known.number) == key;
                                 });
  if (text == family->texts.end()) return;
  const auto place = static_cast<size_t>(text - family->texts.begin());
  for (size_t other = 0; other < family->texts.size(); ++other) {
    if (other == place) continue;
    const int16_t score = ScoreOf(*family, place, other);
    if (IsWord(score)) words_.push_back({.text = family->texts[other].number, .word = score});
  }
}

// Where a family knows a text by the document that goes, it knows it by the next one from now on;
// where there is none the text goes, too.
void Draft::TakeFromFamily(const DocumentEntry& entry) {
  const FamilyRecord* family = view_->FindFamily(entry.cluster);
  if (family == nullptr) return;
  const auto text = std::find_if(
      family->texts.begin(), family->texts.end(),
      [&entry](const FamilyText& known) { return known.number == entry.number; });
  if (text == family->texts.end()) return;
  const auto place = static_cast<size_t>(text - family->texts.begin());
  old_families_.insert(family->number());
  DocumentNumber next = DocumentNumber::kNone;
  const std::optional<absl::uint128> key = view_->FindTextKey(entry.number);
  VisitMembers(CheckAt(clusters_, entry.cluster), [&](DocumentNumber member) {
    if (view_->FindTextKey(member) != key) return true;
    const bool known = std::any_of(family->texts.begin(), family->texts.end(),
                                   [member](const FamilyText& t) { return t.number == member; });
    if (!known) next = member;
    return known;
  });
  std::vector<size_t> places;
  for (size_t i = 0; i < family->texts.size(); ++i) {
    if (i != place || next != DocumentNumber::kNone) places.push_back(i);
  }
  FamilyRecord left = *family;
  left.texts[place].number = next;
  left_ = Select(left, std::move(places));
  lost_text_ = next == DocumentNumber::kNone;
}

void Draft::LeaveAsItStands(FamilyRecord family) {
  if (family.full) return;
  family.full = true;
  const bool is_left = left_.has_value() && !left_->texts.empty() &&
                       left_->number() == family.number();
  if (is_left) {
    left_->full = true;
    return;
  }
  change_.families.push_back(std::move(family));
}

absl::Status Draft::Regroup() {
  std::vector<FamilyRecord> parts;
  const bool has_family = !destination_.family.texts.empty();
  if (has_family) {
    for (const FamilyText& text : destination_.family.texts) {
      const FamilyRecord* before =
          text.cluster == ClusterId::kNone ? nullptr : view_->FindFamily(text.cluster);
      if (before != nullptr) old_families_.insert(before->number());
    }
    parts = destination_.family.full ? std::vector{destination_.family}
                                     : Connected(destination_.family);
  }
  if (left_.has_value() && !left_->texts.empty()) {
    const bool is_within =
        std::any_of(destination_.family.texts.begin(), destination_.family.texts.end(),
                    [this](const FamilyText& text) { return text == left_->texts.front(); });
    if (left_->full || !lost_text_) {
      if (!is_within) change_.families.push_back(*left_);
    } else if (!is_within) {
      for (FamilyRecord& part : Connected(*left_)) parts.push_back(std::move(part));
    }
  }
  if (!change_.added.empty() && !has_family) {
    PutAdded(destination_.cluster != ClusterId::kNone ? destination_.cluster : IdOfItsOwn());
  }
  if (!parts.empty()) {
    if (absl::Status status = Rearrange(parts); !status.ok()) return status;
    KeepFamilies(std::move(parts));
  }
  std::set<DocumentNumber> stay;
  for (const FamilyRecord& family : change_.families) stay.insert(family.number());
  for (const DocumentNumber number : old_families_) {
    if (!stay.contains(number)) change_.dropped_families.push_back(number);
  }
  std::erase_if(change_.families, [this](const FamilyRecord& family) {
    const FamilyRecord* before = view_->FindFamily(family.texts.front().cluster);
    return before != nullptr && *before == family;
  });
  return absl::OkStatus();
}

// The texts of families as their clusters are now.
void Draft::KeepFamilies(std::vector<FamilyRecord> parts) {
  for (FamilyRecord& part : parts) {
    if (part.texts.size() < 2) continue;
    for (FamilyText& text : part.texts) text.cluster = Entry(text.number).cluster;
    change_.families.push_back(std::move(part));
  }
}

// The places of a family's texts, by what the documents say and not by when they came.
std::vector<size_t> Draft::InOrderOfTime(const FamilyRecord& family) const {
  std::vector<size_t> places(family.texts.size());
  std::iota(places.begin(), places.end(), size_t{0});
  const auto key = [&](size_t place) {
    const DocumentNumber number = family.texts[place].number;
    return std::tuple(Entry(number).published_us, TextKeyOf(number), number);
  };
  std::ranges::sort(places, {}, key);
  return places;
}

Draft::TextBlocks Draft::BlocksIn(const std::vector<FamilyRecord>& families) const {
  TextBlocks blocks;
  for (const FamilyRecord& family : families) {
    for (const std::vector<size_t>& places :
         family.full ? StandingBlocks(family) : Partitioned(family, InOrderOfTime(family))) {
      std::vector<FamilyText>& block = blocks.emplace_back();
      for (const size_t place : places) block.push_back(family.texts[place]);
    }
  }
  return blocks;
}

// In which block each document of a cluster is: that of its text. Documents whose text no family
// knows go with the cluster's first text.
Draft::Blocks Draft::BlocksOf(ClusterId id, const TextBlocks& blocks) const {
  std::map<absl::uint128, size_t> of_key;
  Blocks of_document;
  FamilyText first;
  size_t of_first = 0;
  for (size_t block = 0; block < blocks.size(); ++block) {
    for (const FamilyText& text : blocks[block]) {
      if (text.cluster != id) continue;
      of_document[text.number] = block;
      if (const auto key = TextKeyOf(text.number)) of_key.try_emplace(*key, block);
      if (first.number != DocumentNumber::kNone && first.number < text.number) continue;
      first = text;
      of_first = block;
    }
  }
  const auto visit = [&](DocumentNumber member) {
    const auto key = TextKeyOf(member);
    const auto found = key.has_value() ? of_key.find(*key) : of_key.end();
    of_document.try_emplace(member, found == of_key.end() ? of_first : found->second);
    return true;
  };
  const auto touched = clusters_.find(id);
  if (touched != clusters_.end()) {
    VisitMembers(touched->second, visit);
  } else {
    const FoundCluster cluster = view_->FindCluster(id);
    for (const DocumentNumber member : cluster->members) visit(member);
  }
  return of_document;
}

absl::Status Draft::Rearrange(const std::vector<FamilyRecord>& parts) {
  const TextBlocks blocks = BlocksIn(parts);
  // As a rule each cluster is one block still: then nothing has to be counted.
  std::map<ClusterId, std::set<size_t>> blocks_of;
  std::vector<std::set<ClusterId>> clusters_in(blocks.size());
  for (size_t block = 0; block < blocks.size(); ++block) {
    for (const FamilyText& text : blocks[block]) {
      if (text.cluster == ClusterId::kNone) continue;
      blocks_of[text.cluster].insert(block);
      clusters_in[block].insert(text.cluster);
    }
  }
  const bool stays =
      std::all_of(blocks_of.begin(), blocks_of.end(),
                  [](const auto& of) { return of.second.size() == 1; }) &&
      std::all_of(clusters_in.begin(), clusters_in.end(),
                  [](const std::set<ClusterId>& in) { return in.size() <= 1; });
  std::map<ClusterId, Blocks> documents;
  std::vector<Holding> holdings;
  for (const auto& [cluster, in] : blocks_of) {
    if (stays) {
      holdings.push_back({.cluster = cluster, .block = *in.begin(), .documents = 1});
      continue;
    }
    documents[cluster] = BlocksOf(cluster, blocks);
    std::map<size_t, Holding> held;
    for (const auto& [number, block] : documents[cluster]) {
      Holding& holding = held[block];
      if (holding.documents++ > 0) continue;
      holding.cluster = cluster;
      holding.block = block;
      holding.oldest = number;
    }
    for (const auto& [block, holding] : held) holdings.push_back(holding);
  }
  Succession succession = Succeed(blocks.size(), holdings);
  std::optional<size_t> of_added;
  for (size_t block = 0; block < blocks.size(); ++block) {
    ClusterId& id = succession.ids[block];
    const bool has_added =
        std::any_of(blocks[block].begin(), blocks[block].end(),
                    [](const FamilyText& text) { return text.cluster == ClusterId::kNone; });
    if (has_added) of_added = block;
    if (id != ClusterId::kNone) continue;
    id = has_added ? IdOfItsOwn() : static_cast<ClusterId>(Draw());
  }
  for (size_t block = 0; block < blocks.size(); ++block) {
    std::vector<DocumentNumber> moved;
    for (const auto& [cluster, of_document] : documents) {
      if (cluster == succession.ids[block]) continue;
      const bool merges = std::find(succession.redirects.begin(), succession.redirects.end(),
                                    std::pair(cluster, block)) != succession.redirects.end();
      if (merges) continue;
      for (const auto& [number, in] : of_document) {
        if (in == block) moved.push_back(number);
      }
    }
    std::sort(moved.begin(), moved.end());
    if (absl::Status status = MoveInto(succession.ids[block], moved); !status.ok()) return status;
  }
  for (const auto& [from, block] : succession.redirects) Merge(from, succession.ids[block]);
  if (of_added.has_value()) PutAdded(succession.ids[*of_added]);
  return absl::OkStatus();
}

// The id of a cluster that the added document shares with nobody who has one: that which an update
// left empty goes on.
ClusterId Draft::IdOfItsOwn() const {
  const bool inherits = replaced_in_ != ClusterId::kNone && SizeOf(replaced_in_) == 0;
  return inherits ? replaced_in_ : static_cast<ClusterId>(number_);
}

// Documents that other clusters held go into this one, which may be new.
absl::Status Draft::MoveInto(ClusterId to, const std::vector<DocumentNumber>& moved) {
  if (moved.empty()) return absl::OkStatus();
  const DocumentEntry first = Entry(moved.front());
  const bool is_new = !Touch(to, first.collection).before;
  const ClusterRecord& source = Touch(first.cluster, first.collection).record;
  if (is_new) Note(EventType::kSplit, source, "", to);
  for (const DocumentNumber number : moved) {
    absl::Status status = MoveBetween(Entry(number).cluster, to, number);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Draft::MoveBetween(ClusterId from, ClusterId to, DocumentNumber number) {
  const absl::StatusOr<std::string> id = IdOf(number);
  if (!id.ok()) return id.status();
  Cluster& source = Touch(from, {});
  Cluster& target = Touch(to, source.record.collection);
  // The added document has posted nothing that others would have to post now.
  if (!IsAdded(number)) source.lost.push_back(Entry(number));
  if (source.come.erase(number) == 0) source.gone.insert(number);
  target.come.insert(number);
  DocumentEntry& entry = Edit(number);
  entry.cluster = to;
  // Nobody of the other cluster has posted its keys for it.
  if (!IsShortText(entry.shingles)) entry.bands = kAllBands;
  if (source.record.pinned == number) {
    source.record.pinned = DocumentNumber::kNone;
    if (target.record.pinned == DocumentNumber::kNone) target.record.pinned = number;
  }
  if (!IsAdded(number) && moved_documents_++ < kMaxMovedIds) {
    moved_.push_back({.number = number, .document_id = *id});
  }
  Note(EventType::kLeft, source.record, *id);
  Note(EventType::kJoined, target.record, *id);
  return absl::OkStatus();
}

// Moves all documents of `from` to `to` and redirects it.
void Draft::Merge(ClusterId from, ClusterId to) {
  Cluster& merged = Touch(from, {});
  Cluster& surviving = Touch(to, merged.record.collection);
  VisitMembers(merged, [&](DocumentNumber member) {
    Edit(member).cluster = to;
    surviving.come.insert(member);
    return true;
  });
  // What the merged cluster lost is the surviving one's to make good.
  surviving.lost.insert(surviving.lost.end(), merged.lost.begin(), merged.lost.end());
  if (surviving.record.pinned == DocumentNumber::kNone) {
    surviving.record.pinned = merged.record.pinned;
  }
  TakeWords(merged.record, &surviving.record);
  if (replaced_in_ == from) replaced_in_ = to;
  Note(EventType::kMerged, surviving.record, "", from);
  change_.redirects.push_back({.from = from, .to = to});
  clusters_.erase(from);
}

// The added document's cluster is known.
void Draft::PutAdded(ClusterId id) {
  DocumentEntry& entry = added().entry;
  entry.cluster = id;
  entry.founded = id == static_cast<ClusterId>(number_);
  Cluster& cluster = Touch(id, entry.collection);
  const std::string& document_id = added().content.document.id;
  if (replaced_in_ != ClusterId::kNone && replaced_in_ != id) {
    // A cluster that the update left empty leads where the document went: nobody else's cluster is
    // renamed.
    if (SizeOf(replaced_in_) == 0) {
      Merge(replaced_in_, id);
    } else {
      Note(EventType::kLeft, CheckAt(clusters_, replaced_in_).record, document_id);
    }
  }
  if (pin_follows_ && cluster.record.pinned == DocumentNumber::kNone) {
    cluster.record.pinned = entry.number;
  }
  // A cluster that took others along was split off another one, and is there.
  const bool creates = entry.founded && SizeOf(cluster) == 0;
  Note(creates ? EventType::kCreated : EventType::kJoined, cluster.record, document_id);
  cluster.come.insert(entry.number);
}

}  // namespace wonbon
