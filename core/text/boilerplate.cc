#include "core/text/boilerplate.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/ascii.h"
#include "core/text/block_scan.h"
#include "core/text/boilerplate_rules.h"
#include "core/text/comment_list.h"
#include "core/text/limits.h"
#include "core/text/rule_set.h"
#include "core/text/squeezed.h"

namespace wonbon {
namespace {

// How much of a text its head and its tail are, in UTF-16 units. Rules that apply move the window.
constexpr size_t kHeadUnits = 120;
constexpr size_t kTailUnits = 400;
// How far down a board's head goes.
constexpr size_t kBoardHeadUnits = 300;
// The longest stretch that a rule may take from a mark on, and the longest line.
constexpr size_t kMarkUnits = 110;
constexpr size_t kSignUnits = 40;
constexpr size_t kBylineUnits = 50;
constexpr size_t kLineUnits = 90;
// The longest line of a board that repeats before and after the article.
constexpr size_t kSignatureUnits = 60;

// Sets of characters below U+3100.
using CharTable = std::array<bool, 0x3100>;
constexpr CharTable TableOf(std::u16string_view characters) {
  CharTable table{};
  for (char16_t c : characters) table[c] = true;
  return table;
}
bool Has(const CharTable& table, char16_t c) { return c < table.size() && table[c]; }

// Where something may begin.
auto IsMark(UnitLanes c) {
  auto is = c == Lane(u'@');
  for (const char16_t mark : kRuleMarks) is |= c == Lane(mark);
  return is;
}

// What ends a bracket that a mark opened.
constexpr CharTable kCloseMarks = TableOf(u")]>》】▶");

// What may stand between two pieces of boilerplate, or behind the last.
constexpr std::u16string_view kTailTrim = u" \n|*-=/,·▶☞※";

struct RuleSets {
  RuleSet head{RulePlace::kHead};
  RuleSet tail{RulePlace::kTail};
  RuleSet notice{RulePlace::kNotice};
  RuleSet tail_after{RulePlace::kTailAfter};
  RuleSet mark{RulePlace::kMark};
  RuleSet line{RulePlace::kLine};
};

const RuleSets& GetRuleSets() {
  static const RuleSets* const sets = new RuleSets;
  return *sets;
}

class Finder {
 public:
  explicit Finder(std::u16string_view text)
      : text_(text), sets_(GetRuleSets()), end_(FindCommentList(text)) {}

  std::vector<TextSpan> Run() {
    FindTail();
    const bool is_board = FindBoardHead();
    FindHead();
    if (is_board) FindBoardSignature();
    FindInside();
    std::vector<TextSpan> spans;
    if (begin_ > 0) spans.push_back({0, begin_});
    spans.insert(spans.end(), inside_.begin(), inside_.end());
    if (end_ < text_.size()) spans.push_back({end_, text_.size()});
    return spans;
  }

 private:
  void FindTail() {
    size_t end = end_;
    for (int applied = 0; applied < kMaxAppliedRules; ++applied) {
      while (end > 0 && kTailTrim.find(text_[end - 1]) != std::u16string_view::npos) --end;
      squeezed_.Assign(text_, end - std::min(end, kTailUnits), end);
      TextSpan span = sets_.tail.Match(squeezed_);
      if (span.end == 0) span = sets_.notice.Match(squeezed_);
      if (span.end == 0 && applied > 0) span = sets_.tail_after.Match(squeezed_);
      if (span.end == 0 || span.begin >= end) return;
      end = end_ = span.begin;
    }
  }

  // What a board prints over an article: title, "페이지 정보", author and date, "본문".
  bool FindBoardHead() {
    const size_t head = std::min(end_, kBoardHeadUnits);
    const size_t info = FindWord(u"페이지정보", 0, head);
    if (info == head) return false;
    const size_t content = FindWord(u"본문", info, head);
    if (content == head) return false;
    begin_ = content;
    return true;
  }

  // Index past `word`, spaced in any way, in [begin, end) of the text; `end` where it is not.
  size_t FindWord(std::u16string_view word, size_t begin, size_t end) const {
    for (size_t i = text_.find(word[0], begin); i < end; i = text_.find(word[0], i + 1)) {
      size_t matched = 0;
      size_t at = i;
      for (; at < end && matched < word.size(); ++at) {
        if (text_[at] == u' ') continue;
        if (text_[at] != word[matched]) break;
        ++matched;
      }
      if (matched == word.size()) return at;
    }
    return end;
  }

  void FindHead() {
    for (int applied = 0; applied < kMaxAppliedRules && begin_ < end_; ++applied) {
      if (text_[begin_] == u'\n' || text_[begin_] == u' ') {
        ++begin_;
        continue;
      }
      squeezed_.Assign(text_, begin_, std::min(end_, begin_ + kHeadUnits));
      const TextSpan span = sets_.head.Match(squeezed_);
      if (span.end <= begin_) return;
      begin_ = span.end;
    }
  }

  // Boards that copy news frame it with a line of their own, the same before and after.
  void FindBoardSignature() {
    size_t first = begin_;
    while (first < end_ && (text_[first] == u'\n' || text_[first] == u' ')) ++first;
    size_t last = end_;
    while (last > first && (text_[last - 1] == u'\n' || text_[last - 1] == u' ')) --last;
    const size_t first_end = std::min(text_.find(u'\n', first), last);
    const size_t break_at = text_.rfind(u'\n', last - 1);
    if (last == first || break_at == std::u16string_view::npos || break_at < first_end) return;
    const std::u16string_view signature = text_.substr(first, first_end - first);
    if (signature.size() > kSignatureUnits) return;
    if (signature != text_.substr(break_at + 1, last - break_at - 1)) return;
    begin_ = first_end;
    end_ = break_at;
  }

  void FindInside() {
    size_t begin = begin_;
    while (begin < end_) {
      const size_t end = std::min(text_.find(u'\n', begin), end_);
      if (end == begin || end - begin > kLineUnits || !MatchLine(begin, end)) {
        FindMarks(begin, end);
      }
      begin = end + 1;
    }
  }

  void FindMarks(size_t begin, size_t end) {
    for (size_t i = begin; (i = FindWanted(text_, i, end, IsMark)) < end; ++i) {
      i = text_[i] == u'@' ? MatchEmail(i) : MatchMark(i);
    }
  }

  bool MatchLine(size_t begin, size_t end) {
    squeezed_.Assign(text_, begin, end);
    if (sets_.line.Match(squeezed_).end == 0) return false;
    inside_.push_back({begin, end});
    return true;
  }

  // Both return the index of the last character dealt with.
  size_t MatchMark(size_t begin) {
    const size_t end = EndOfMarked(begin);
    if (end == begin) return begin;
    squeezed_.Assign(text_, begin, end);
    const TextSpan span = sets_.mark.Match(squeezed_);
    if (span.end == 0) return begin;
    inside_.push_back(span);
    return span.end - 1;
  }

  // Where the stretch that rules look at from a mark on ends; `begin` for a bracket that does not
  // close in time. Behind a bracket with an "=" inside, the bylines of a dateline may follow.
  size_t EndOfMarked(size_t begin) const {
    const size_t limit = std::min(end_, begin + kMarkUnits);
    const char16_t mark = text_[begin];
    if (mark == u'/' || mark == u'*' || mark == u'©') return std::min(limit, begin + kSignUnits);
    bool has_equals = false;
    for (size_t i = begin + 1; i < limit && text_[i] != u'\n'; ++i) {
      has_equals |= text_[i] == u'=';
      if (!Has(kCloseMarks, text_[i])) continue;
      return std::min(end_, i + (has_equals ? kBylineUnits : 3));
    }
    return begin;
  }

  // The address around an '@'; without a dot after the '@' it is none.
  size_t MatchEmail(size_t at) {
    const auto is_part = [](char16_t c) {
      return c < 0x80 && (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == u'.' ||
                          c == u'_' || c == u'-' || c == u'%' || c == u'+');
    };
    const size_t floor = inside_.empty() ? begin_ : inside_.back().end;
    size_t begin = at;
    while (begin > floor && is_part(text_[begin - 1])) --begin;
    // Digits in front belong to a date: "2031.3.2.narae@...".
    while (begin < at && !(text_[begin] >= u'a' && text_[begin] <= u'z')) ++begin;
    size_t end = at + 1;
    while (end < end_ && is_part(text_[end])) ++end;
    while (text_[end - 1] == u'.') --end;
    const std::u16string_view domain = text_.substr(at + 1, end - at - 1);
    if (begin == at || domain.find(u'.') == std::u16string_view::npos) return at;
    inside_.push_back({begin, end});
    return end - 1;
  }

  const std::u16string_view text_;
  const RuleSets& sets_;
  size_t begin_ = 0;
  size_t end_;
  std::vector<TextSpan> inside_;
  Squeezed squeezed_;
};

}  // namespace

std::vector<TextSpan> FindBoilerplate(std::u16string_view folded) { return Finder(folded).Run(); }

}  // namespace wonbon
