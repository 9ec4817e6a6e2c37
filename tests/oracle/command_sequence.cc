#include "tests/oracle/command_sequence.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace wonbon::oracle {
namespace {

using corpus::Kind;

constexpr Kind kCopies[] = {Kind::kExact,     Kind::kSpacing,   Kind::kHeadlineChanged,
                            Kind::kBylineFooter, Kind::kTruncated, Kind::kLightEdit,
                            Kind::kParagraphShuffle, Kind::kBoardPage, Kind::kRevision,
                            Kind::kRoundUp,   Kind::kQuotation, Kind::kBackground,
                            Kind::kRenumbered};
constexpr Kind kCorrections[] = {Kind::kLightEdit, Kind::kTruncated, Kind::kHeadlineChanged,
                                 Kind::kRenumbered, Kind::kParagraphShuffle};
const std::string kMarks[] = {"", "", "[속보]", "[2보]", "(종합)", "[정정] "};
// A story that is told in halves: the lead, then one half or the other.
constexpr size_t kSentences = 12;
constexpr size_t kHalf = 6;

}  // namespace

CommandSequence::CommandSequence(uint64_t seed, absl::Time start, bool editors)
    : random_(seed), now_(start), editors_(editors) {}

Command CommandSequence::Next() {
  const absl::Duration passes = absl::Minutes(random_.Between(0, 90));
  now_ += passes;
  const int kind = published_.empty() ? 0 : random_.Between(0, 99);
  Command command;
  if (editors_ && !published_.empty() && random_.Chance(20)) {
    command = Edit();
  } else if (kind < 16) {
    command = NewStory();
  } else if (kind < 48) {
    command = Copy();
  } else if (kind < 62) {
    command = Update();
  } else if (kind < 68) {
    command = Resubmit(/*old_version=*/false);
  } else if (kind < 74) {
    command = Resubmit(/*old_version=*/true);
  } else if (kind < 82) {
    command = Part(/*whole=*/random_.Chance(40));
  } else if (kind < 88) {
    command = Notice();
  } else if (kind < 97) {
    command = Delete();
  } else {
    command = Expire();
  }
  command.passes += passes;
  return command;
}

std::string CommandSequence::NewId() {
  // Ids do not grow with time: the smallest id is not always the oldest.
  return absl::StrCat(random_.Below(10), "-", ++ids_);
}

void CommandSequence::SetTime(Document* document) {
  const int kind = random_.Between(0, 99);
  if (kind < 8) {
    document->published_at.reset();
  } else if (kind < 11) {
    document->published_at = absl::UnixEpoch();
  } else if (kind < 13) {
    document->published_at = now_ + absl::Hours(24 * 400);
  } else if (kind < 15) {
    document->published_at = now_ - absl::Hours(24 * 60);  // past any retention
  } else if (kind < 40) {
    // A day without a time: many are equal.
    const int64_t days = absl::ToUnixSeconds(now_) / 86'400 - random_.Between(0, 4);
    document->published_at = absl::FromUnixSeconds(days * 86'400);
  } else {
    document->published_at = now_ - absl::Hours(random_.Between(0, 24 * 14));
  }
}

const CommandSequence::Published& CommandSequence::AnyPublished() {
  // Mostly what is recent, as in the news.
  const size_t size = published_.size();
  const size_t recent = random_.Chance(70) ? std::min<size_t>(size, 40) : size;
  return published_[size - 1 - random_.Below(recent)];
}

Command CommandSequence::Submit(size_t story, Document document) {
  published_.push_back({.story = story, .document = document});
  return {.kind = Command::Kind::kSubmit, .document = std::move(document), .id = "", .passes = {}};
}

Command CommandSequence::NewStory() {
  stories_.push_back(corpus::WriteStory(kSentences, random_));
  Document document = corpus::Publish(stories_.back(), NewId(), random_);
  SetTime(&document);
  return Submit(stories_.size() - 1, std::move(document));
}

// The corpus dates a copy by its base, which has no date here now and then; the copy is dated anew.
Document CommandSequence::Derive(Published base, corpus::Kind kind) {
  if (!base.document.published_at.has_value()) base.document.published_at = now_;
  return corpus::Derive(stories_[base.story], base.document, kind, random_);
}

Command CommandSequence::Copy() {
  const Published base = AnyPublished();
  if (base.story >= stories_.size()) return NewStory();
  Document document = Derive(base, random_.Pick(kCopies));
  document.id = NewId();
  if (random_.Chance(20)) {  // a further version under a url of its own
    document.publisher = base.document.publisher;
    document.title = random_.Pick(kMarks) + base.document.title;
  }
  SetTime(&document);
  if (random_.Chance(20)) document.published_at = base.document.published_at;
  return Submit(base.story, std::move(document));
}

// A known id with another text: a correction of its own, or another story altogether.
Command CommandSequence::Update() {
  const Published standing = AnyPublished();
  const Published base = random_.Chance(70) ? standing : AnyPublished();
  if (base.story >= stories_.size()) return NewStory();
  Document document = Derive(base, random_.Pick(kCorrections));
  document.id = standing.document.id;
  if (random_.Chance(70)) {
    document.publisher = standing.document.publisher;
    document.url = standing.document.url;
  }
  SetTime(&document);
  return Submit(base.story, std::move(document));
}

// The same again; or an earlier version of an id that was changed or deleted since.
Command CommandSequence::Resubmit(bool old_version) {
  Published chosen = AnyPublished();
  for (const Published& other : published_) {
    if (other.document.id != chosen.document.id) continue;
    chosen = other;
    if (old_version) break;
  }
  return Submit(chosen.story, std::move(chosen.document));
}

Command CommandSequence::Part(bool whole) {
  const Published base = AnyPublished();
  if (base.story >= stories_.size()) return NewStory();
  const corpus::Story& story = stories_[base.story];
  std::vector<std::string> kept = {story.sentences.front()};
  const size_t begin = whole || random_.Chance(50) ? 1 : kHalf;
  const size_t end = whole || begin == kHalf ? story.sentences.size() : kHalf;
  kept.insert(kept.end(), story.sentences.begin() + static_cast<std::ptrdiff_t>(begin),
              story.sentences.begin() + static_cast<std::ptrdiff_t>(end));
  Document document = corpus::Publish(story, NewId(), random_);
  document.body = corpus::Body(kept);
  SetTime(&document);
  return Submit(base.story, std::move(document));
}

Command CommandSequence::Notice() {
  Document document = random_.Chance(50)
                          ? corpus::PublishNotice(random_.Pick(corpus::kForms), random_)
                          : corpus::PublishFlash(random_);
  document.id = NewId();
  SetTime(&document);
  // No story: only its own text is sent again.
  return Submit(static_cast<size_t>(-1), std::move(document));
}

Command CommandSequence::Delete() {
  const std::string id = random_.Chance(90) ? AnyPublished().document.id : "never-sent";
  return {.kind = Command::Kind::kDelete, .document = {}, .id = id, .passes = {}};
}

// A story's own copies are made one more often than strangers are.
Command CommandSequence::Edit() {
  const Published& about = AnyPublished();
  const Published* other = &AnyPublished();
  for (int i = 0; i < 8 && other->story != about.story; ++i) other = &AnyPublished();
  static constexpr Command::Kind kActs[] = {Command::Kind::kPin, Command::Kind::kPin,
                                            Command::Kind::kUnpin, Command::Kind::kMerge,
                                            Command::Kind::kMerge, Command::Kind::kSplit,
                                            Command::Kind::kSplit};
  return {.kind = random_.Pick(kActs),
          .document = {},
          .id = about.document.id,
          .other_id = other->document.id,
          .passes = {}};
}

Command CommandSequence::Expire() {
  const absl::Duration passes = absl::Hours(random_.Between(1, 72));
  now_ += passes;
  return {.kind = Command::Kind::kExpire, .document = {}, .id = "", .passes = passes};
}

}  // namespace wonbon::oracle
