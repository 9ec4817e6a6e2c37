#include "core/text/boilerplate.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <string>

#include "core/text/boilerplate_rules.h"

namespace wonbon {
namespace {

// How far from the ends of a text its head and tail go, in UTF-16 units.
constexpr size_t kHeadUnits = 400;
constexpr size_t kTailUnits = 500;
// Rules applied to one end of a text.
constexpr int kMaxApplied = 40;
// The longest bracket and line that rules look at.
constexpr size_t kMaxBracketUnits = 60;
constexpr size_t kMaxLineUnits = 60;

// A stretch of the folded text as rules see it: UTF-8, no spaces, one '\n' for any line breaks.
class Squeezed {
 public:
  Squeezed(std::u16string_view text, size_t begin, size_t end) : end_(end) {
    utf8_.reserve(3 * (end - begin));
    at_.reserve(3 * (end - begin));
    for (size_t i = begin; i < end; ++i) Append(text[i], i);
  }

  std::string_view utf8() const { return utf8_; }
  // Index in the folded text of the character at byte `offset`.
  size_t At(size_t offset) const { return offset < at_.size() ? at_[offset] : end_; }
  void Truncate(size_t offset) {
    end_ = At(offset);
    utf8_.resize(offset);
    at_.resize(offset);
  }

 private:
  void Append(char16_t c, size_t i) {
    if (c == u' ' || (c == u'\n' && !utf8_.empty() && utf8_.back() == '\n')) return;
    const auto first = utf8_.size();
    if (c < 0x80) {
      utf8_ += static_cast<char>(c);
    } else if (c < 0x800) {
      utf8_ += static_cast<char>(0xC0 | c >> 6);
      utf8_ += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c >= 0xD800 && c <= 0xDFFF) {
      utf8_ += '\x01';  // no rule asks for characters past the basic plane
    } else {
      utf8_ += static_cast<char>(0xE0 | c >> 12);
      utf8_ += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      utf8_ += static_cast<char>(0x80 | (c & 0x3F));
    }
    at_.insert(at_.end(), utf8_.size() - first, static_cast<uint32_t>(i));
  }

  std::string utf8_;
  std::vector<uint32_t> at_;
  size_t end_;
};

// All rules of a place as one expression.
class RuleSet {
 public:
  RuleSet(RulePlace place, std::string_view before, std::string_view after) {
    std::string pattern(before);
    pattern += "(?:";
    bool first = true;
    for (const BoilerplateRule& rule : BoilerplateRules()) {
      if (rule.place != place) continue;
      if (!first) pattern += '|';
      first = false;
      pattern += "(?:" + std::string(rule.pattern) + ")";
    }
    pattern += ")" + std::string(after);
    RE2::Options options;
    options.set_max_mem(64 << 20);
    options.set_longest_match(place == RulePlace::kTail || place == RulePlace::kTailAfter);
    expression_ = std::make_unique<RE2>(pattern, options);
    groups_ = 1 + expression_->NumberOfCapturingGroups();
  }

  // The boilerplate in `text`; nothing where no rule applies.
  re2::StringPiece Match(std::string_view text, RE2::Anchor anchor) const {
    re2::StringPiece groups[kMaxGroups];
    const re2::StringPiece piece(text.data(), text.size());
    // Without groups the automaton answers alone, at a fraction of the cost.
    if (!expression_->Match(piece, 0, piece.size(), anchor, nullptr, 0)) return {};
    if (!expression_->Match(piece, 0, piece.size(), anchor, groups, std::min(groups_, kMaxGroups)))
      return {};
    for (int i = 1; i < groups_; ++i) {
      if (groups[i].data() != nullptr) return groups[i];
    }
    return groups[0];
  }

 private:
  static constexpr int kMaxGroups = 40;
  std::unique_ptr<RE2> expression_;
  int groups_ = 0;
};

struct RuleSets {
  RuleSet head{RulePlace::kHead, "\\A", ""};
  RuleSet tail{RulePlace::kTail, "", "\\z"};
  RuleSet tail_after{RulePlace::kTailAfter, "", "\\z"};
  RuleSet bracket{RulePlace::kBracket, "\\A", ""};
  RuleSet line{RulePlace::kLine, "\\A", "\\z"};
};

const RuleSets& GetRuleSets() {
  static const RuleSets* const sets = new RuleSets;
  return *sets;
}

// A statement ends inside: "...했다." and what goes on after it. Polite endings ("기다립니다.") do
// not count; boilerplate uses them.
bool HoldsStatement(std::string_view text) {
  constexpr std::string_view kEnd = "다.";
  constexpr std::string_view kPolite = "니다.";
  for (size_t at = text.find(kEnd); at != std::string_view::npos; at = text.find(kEnd, at + 1)) {
    const bool polite = at >= 3 && text.substr(at - 3, kPolite.size()) == kPolite;
    if (!polite) return true;
  }
  return false;
}

class Finder {
 public:
  explicit Finder(std::u16string_view text) : text_(text), end_(text.size()) {}

  std::vector<TextSpan> Run() {
    FindTail();
    FindHead();
    FindInside();
    std::vector<TextSpan> spans;
    if (begin_ > 0) spans.push_back({0, begin_});
    spans.insert(spans.end(), inside_.begin(), inside_.end());
    if (end_ < text_.size()) spans.push_back({end_, text_.size()});
    return spans;
  }

 private:
  void FindTail() {
    const RuleSets& sets = GetRuleSets();
    Squeezed tail(text_, end_ - std::min(end_, kTailUnits), end_);
    bool applied = false;
    for (int i = 0; i < kMaxApplied; ++i) {
      const size_t trimmed = tail.utf8().find_last_not_of("\n|*-=/,") + 1;
      const std::string_view candidate = tail.utf8().substr(0, trimmed);
      re2::StringPiece match = sets.tail.Match(candidate, RE2::UNANCHORED);
      if (match.empty() && applied) match = sets.tail_after.Match(candidate, RE2::UNANCHORED);
      if (match.empty() || HoldsStatement({match.data(), match.size()})) return;
      tail.Truncate(match.data() - tail.utf8().data());
      end_ = tail.At(tail.utf8().size());
      applied = true;
    }
  }

  void FindHead() {
    const RuleSets& sets = GetRuleSets();
    Squeezed head(text_, 0, std::min(end_, kHeadUnits));
    size_t done = 0;
    for (int i = 0; i < kMaxApplied; ++i) {
      while (done < head.utf8().size() && head.utf8()[done] == '\n') ++done;
      const re2::StringPiece match =
          sets.head.Match(head.utf8().substr(done), RE2::ANCHOR_START);
      if (match.empty()) return;
      done = match.data() + match.size() - head.utf8().data();
      begin_ = head.At(done);
    }
  }

  void FindInside() {
    size_t line_begin = begin_;
    for (size_t i = begin_; i < end_; ++i) {
      const char16_t c = text_[i];
      if (c == u'\n') {
        line_begin = i + 1;
      } else if (i == line_begin) {
        const size_t line_end = std::min(text_.find(u'\n', i), end_);
        if (line_end - i <= kMaxLineUnits && MatchLine(i, line_end)) {
          i = line_end - 1;
          continue;
        }
      }
      if (c < 0xAC00 && IsBracket(c)) i = MatchBracket(i);
    }
  }

  static bool IsBracket(char16_t c) {
    switch (c) {
      case u'(': case u'[': case u'<': case u'《': case u'【': case u'◀': return true;
      default: return false;
    }
  }

  bool MatchLine(size_t begin, size_t end) {
    const Squeezed line(text_, begin, end);
    if (GetRuleSets().line.Match(line.utf8(), RE2::ANCHOR_BOTH).empty()) return false;
    inside_.push_back({begin, end});
    return true;
  }

  // Returns the index to go on after.
  size_t MatchBracket(size_t begin) {
    const size_t end = std::min(end_, begin + kMaxBracketUnits);
    const Squeezed bracket(text_, begin, end);
    const re2::StringPiece match =
        GetRuleSets().bracket.Match(bracket.utf8(), RE2::ANCHOR_START);
    if (match.empty()) return begin;
    const size_t past = bracket.At(match.data() + match.size() - bracket.utf8().data());
    inside_.push_back({begin, past});
    return past - 1;
  }

  const std::u16string_view text_;
  size_t begin_ = 0;
  size_t end_;
  std::vector<TextSpan> inside_;
};

}  // namespace

std::vector<TextSpan> FindBoilerplate(std::u16string_view folded) { return Finder(folded).Run(); }

}  // namespace wonbon
