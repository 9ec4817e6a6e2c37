#include "tests/bench/news_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace wonbon::bench {
namespace {

using corpus::Random;

constexpr size_t kStemOctaves = 16;
constexpr size_t kPhraseOctaves = 13;
constexpr size_t kSkipOctaves = 3;  // no word is a twentieth of all, nor a phrase
constexpr size_t kTemplateOctaves = 6;
constexpr size_t kDistanceOctaves = 16;
constexpr uint64_t kStretch = 1'024;  // numbers with one story that is copied often
// The first documents are articles of their own: there is nothing to copy.
constexpr uint64_t kFirstCopy = 64;
// Numbers of templates, titles and probes lie where no document is.
constexpr uint64_t kTemplates = uint64_t{1} << 62;
constexpr int kTitleWords = 6;
constexpr size_t kTitleIndex = 1'000'000;
constexpr size_t kTemplateSentences = 8;
constexpr double kMedianSyllables = 714;
constexpr double kSyllablesOfSentence = 36;

constexpr std::array<std::string_view, 14> kParticles = {
    "은", "는", "이", "가", "을", "를", "에", "의", "에서", "으로", "까지", "도", "와", "부터"};
constexpr std::array<std::string_view, 8> kUnits = {"명", "억원", "%", "일",
                                                    "건", "개",   "년", "곳"};
constexpr std::array<std::string_view, 8> kEndings = {"했다", "됐다", "이다", "였다",
                                                      "한다", "왔다", "렸다", "졌다"};

// 2^skip to 2^octaves - 1 by Zipf's law, in steps: each octave is as likely as another.
uint32_t Ranked(Random& random, size_t octaves, size_t skip = 0) {
  const uint32_t first = 1u << (skip + random.Below(octaves - skip));
  return first + random.Below(first);
}

void AppendSyllable(uint32_t unit, std::string* out) {
  const uint32_t code = 0xAC00 + unit;
  out->push_back(static_cast<char>(0xE0 | code >> 12));
  out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
  out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

// Of the kind that names and words are made of: 19 * 21 open ones and those with four finals.
std::string Stem(Random& random) {
  constexpr std::array kFinals = {0u, 0u, 0u, 4u, 8u, 16u, 21u};
  std::string stem;
  for (int i = random.Between(2, 3); i > 0; --i) {
    AppendSyllable((random.Below(19) * 21 + random.Below(21)) * 28 + random.Pick(kFinals), &stem);
  }
  return stem;
}

}  // namespace

NewsStream::NewsStream(uint64_t seed) : seed_(seed) {
  Random random(seed);
  stems_.reserve(1u << kStemOctaves);
  for (size_t i = 0; i < 1u << kStemOctaves; ++i) stems_.push_back(Stem(random));
  phrases_.resize(1u << kPhraseOctaves);
  for (std::vector<uint16_t>& phrase : phrases_) {
    phrase.resize(static_cast<size_t>(random.Between(2, 5)));
    for (uint16_t& stem : phrase) {
      stem = static_cast<uint16_t>(Ranked(random, kStemOctaves, kSkipOctaves));
    }
  }
}

Kind NewsStream::KindOf(uint64_t number) const {
  if (number < kFirstCopy) return Kind::kUnique;
  const uint32_t percent = Of(number).Below(100);
  if (percent < 65) return Kind::kUnique;
  if (percent < 85) return Kind::kNear;
  if (percent < 90) return Kind::kExact;
  return percent < 95 ? Kind::kPartial : Kind::kForm;
}

uint64_t NewsStream::UniqueUpTo(uint64_t number) const {
  while (KindOf(number) != Kind::kUnique) --number;
  return number;
}

uint64_t NewsStream::BaseOf(uint64_t number) const {
  Random random = Of(number).Fork(1);
  const uint64_t stretch = number / kStretch * kStretch;
  if (random.Chance(25) && number >= stretch + kFirstCopy) {
    return UniqueUpTo(stretch + kFirstCopy - 1);
  }
  return UniqueUpTo(number - std::min<uint64_t>(number, Ranked(random, kDistanceOctaves)));
}

Document NewsStream::Make(uint64_t number) const {
  const Kind kind = KindOf(number);
  const bool copies = kind != Kind::kUnique && kind != Kind::kForm;
  return MakeDocument(kind, copies ? BaseOf(number) : number, number, /*most_edits=*/160);
}

Document NewsStream::MakeProbe(Kind kind, uint64_t base, uint64_t number) const {
  return MakeDocument(kind, base, number, /*most_edits=*/320);
}

Document NewsStream::MakeDocument(Kind kind, uint64_t base, uint64_t number,
                                  uint32_t most_edits) const {
  Random random = Of(number).Fork(2);
  const uint32_t publisher = random.Below(150);
  Document document{.id = absl::StrCat("d", number),
                    .publisher = absl::StrCat("신문", publisher),
                    .url = absl::StrCat("https://p", publisher, ".example/", number)};
  // Two a second, from 2025 on; probes come at any time of the two years after.
  const auto second = static_cast<int64_t>(number / 2 % (uint64_t{1} << 26));
  document.published_at = absl::FromUnixSeconds(1'735'700'000 + second);
  if (kind == Kind::kForm) {
    WriteForm(number, &document);
    return document;
  }
  document.body.reserve(8'192);
  Changes retitled{.where = random.Fork(1), .with = random.Fork(2),
                   .rate = kind == Kind::kNear ? 2 * random.Below(most_edits) : 0};
  AppendWords(Of(base).Fork(kTitleIndex), kTitleWords, &retitled, &document.title);
  switch (kind) {
    case Kind::kNear: {
      const uint32_t words = random.Below(most_edits);
      AppendNear(base, number, {.words = words, .sentences = random.Below(most_edits / 2)},
                 &document.body);
      break;
    }
    case Kind::kPartial:
      AppendPartial(base, number, &document.body);
      break;
    default:
      for (size_t i = Sentences(base); i > 0; --i) {
        AppendSentence(base, i, nullptr, &document.body);
      }
  }
  return document;
}

void NewsStream::AppendWord(Random& random, std::string* out) const {
  if (random.Below(12) == 0) {
    absl::StrAppend(out, random.Between(1, 999));
    out->append(random.Pick(kUnits));
  } else {
    out->append(stems_[Ranked(random, kStemOctaves, kSkipOctaves)]);
    if (random.Below(8) < 5) out->append(random.Pick(kParticles));
  }
  out->push_back(' ');
}

void NewsStream::AppendWords(Random random, int words, Changes* changes, std::string* out) const {
  for (; words > 0; --words) {
    const bool changed = changes != nullptr && changes->where.Below(1'024) < changes->rate;
    if (random.Below(10) == 0) {
      for (const uint16_t stem : phrases_[Ranked(random, kPhraseOctaves, kSkipOctaves)]) {
        if (changed) continue;
        out->append(stems_[stem]);
        out->push_back(' ');
      }
      if (changed) AppendWord(changes->with, out);
      continue;
    }
    const size_t before = out->size();
    AppendWord(random, out);
    if (!changed) continue;
    out->resize(before);
    AppendWord(changes->with, out);
  }
}

void NewsStream::AppendSentence(uint64_t number, size_t index, Changes* changes,
                                std::string* out) const {
  Random random = Of(number).Fork(index + 16);
  AppendWords(random.Fork(1), random.Between(6, 12), changes, out);
  out->append(stems_[Ranked(random, kStemOctaves, kSkipOctaves)]);
  out->append(random.Pick(kEndings)).append(". ");
}

size_t NewsStream::Sentences(uint64_t number) const {
  Random random = Of(number).Fork(3);
  // Nearly normal: of deviation 1.
  double z = -2;
  for (int i = 0; i < 4; ++i) z += static_cast<double>(random.Below(1 << 20)) / (1 << 20);
  const double syllables = kMedianSyllables * std::exp(.65 * z * std::sqrt(3.0));
  return static_cast<size_t>(std::max(4.0, syllables / kSyllablesOfSentence));
}

void NewsStream::AppendNear(uint64_t base, uint64_t number, const Edits& edits,
                            std::string* out) const {
  Random random = Of(number).Fork(4);
  Changes changes{.where = random.Fork(1), .with = random.Fork(2), .rate = edits.words};
  for (size_t i = Sentences(base); i > 0; --i) {
    const uint32_t fate = random.Below(1'024);
    if (fate < edits.sentences) continue;
    const bool other = fate < 2 * edits.sentences;
    AppendSentence(other ? number : base, i, &changes, out);
  }
}

void NewsStream::AppendPartial(uint64_t base, uint64_t number, std::string* out) const {
  Random random = Of(number).Fork(4);
  const size_t sentences = Sentences(base);
  if (random.Chance(50)) {
    // Cut: the lead and up to two thirds of it.
    const size_t percent = 20 + random.Below(48);
    const size_t kept = std::max<size_t>(3, sentences * percent / 100);
    for (size_t i = 0; i < std::min(kept, sentences); ++i) {
      AppendSentence(base, sentences - i, nullptr, out);
    }
    return;
  }
  // Inside a page of one and a half to four times its length.
  const size_t around = sentences * static_cast<size_t>(random.Between(5, 30)) / 10;
  const size_t before = random.Below(around + 1);
  for (size_t i = 0; i < before; ++i) AppendSentence(number, i, nullptr, out);
  for (size_t i = sentences; i > 0; --i) AppendSentence(base, i, nullptr, out);
  for (size_t i = before; i < around; ++i) AppendSentence(number, i, nullptr, out);
}

void NewsStream::WriteForm(uint64_t number, Document* document) const {
  Random random = Of(number).Fork(4);
  const uint64_t form = kTemplates + Ranked(random, kTemplateOctaves);
  // Every seventh word is a fact: where, the form says.
  Changes facts{.where = Of(form), .with = random.Fork(1), .rate = 146};
  AppendWords(Of(form).Fork(kTitleIndex), kTitleWords, &facts, &document->title);
  for (size_t i = 0; i < kTemplateSentences; ++i) {
    AppendSentence(form, i, &facts, &document->body);
  }
}

}  // namespace wonbon::bench
