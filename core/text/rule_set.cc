#include "core/text/rule_set.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/text/limits.h"

namespace wonbon {
namespace {

using re2::RE2;
using re2::StringPiece;

bool IsTail(RulePlace place) {
  return place == RulePlace::kTail || place == RulePlace::kNotice || place == RulePlace::kTailAfter;
}

RE2::Anchor AnchorOf(RulePlace place) {
  switch (place) {
    case RulePlace::kHead:
    case RulePlace::kMark: return RE2::ANCHOR_START;
    case RulePlace::kLine: return RE2::ANCHOR_BOTH;
    case RulePlace::kTail:
    case RulePlace::kNotice:
    case RulePlace::kTailAfter: break;
  }
  return RE2::UNANCHORED;
}

size_t CountCharacters(std::string_view utf8) {
  return static_cast<size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

bool HoldsStatement(std::string_view squeezed) {
  constexpr std::string_view kEnd = "다.";
  constexpr std::string_view kPolite = "니다.";
  for (size_t at = squeezed.find(kEnd); at != std::string_view::npos;
       at = squeezed.find(kEnd, at + 1)) {
    if (at < 3 || squeezed.substr(at - 3, kPolite.size()) != kPolite) return true;
  }
  return false;
}

RuleSet::RuleSet(RulePlace place) : place_(place) {
  // As part of the expression, rather than as RE2's anchor: RE2 then searches backwards from the
  // end, and stops where nothing can match any more.
  const std::string end = IsTail(place) ? "\\z" : "";
  RE2::Options options;
  options.set_longest_match(true);
  options.set_max_mem(kMaxRuleBytes);
  std::string any;
  for (const BoilerplateRule& rule : BoilerplateRules()) {
    if (rule.place != place) continue;
    const std::string pattern = "(?:" + std::string(rule.pattern) + ")";
    if (!any.empty()) any += '|';
    any += pattern;
    rules_.push_back({&rule, std::make_unique<RE2>(pattern + end, options)});
  }
  options.set_max_mem(kMaxAnyRuleBytes);
  options.set_never_capture(true);
  any_ = std::make_unique<RE2>("(?:" + any + ")" + end, options);
}

RuleSet::~RuleSet() = default;

bool RuleSet::Search(const RE2& expression, const StringPiece& text, StringPiece* captures,
                     int wanted) const {
  return expression.Match(text, 0, text.size(), AnchorOf(place_), captures, wanted);
}

TextSpan RuleSet::Match(const Squeezed& squeezed) const {
  const StringPiece text(squeezed.utf8().data(), squeezed.utf8().size());
  if (!Search(*any_, text, nullptr, 0)) return {};
  for (const CompiledRule& rule : rules_) {
    StringPiece captures[2];  // the whole, and the only capture that a rule may have
    const int wanted = 1 + rule.expression->NumberOfCapturingGroups();
    if (!Search(*rule.expression, text, captures, wanted)) continue;
    const StringPiece& found = captures[wanted - 1];
    const std::string_view boilerplate(found.data(), found.size());
    if (CountCharacters(boilerplate) > rule.rule->max_characters) continue;
    if (HoldsStatement(boilerplate)) continue;
    return {squeezed.At(found.data()), squeezed.At(found.data() + found.size())};
  }
  return {};
}

}  // namespace wonbon
