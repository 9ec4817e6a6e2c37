#include "core/text/rule_set.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>

#include "core/check.h"
#include "core/text/fold.h"
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

// Literals of which every match of `pattern` has one, none where there are none such. Of all that
// RE2 knows of the pattern as few and as long as may be: "(" says little.
std::vector<std::string> LiteralsOf(const std::string& pattern, const RE2::Options& options) {
  re2::FilteredRE2 filter(/*min_atom_len=*/1);
  int id = 0;
  WONBON_CHECK(filter.Add(pattern, options, &id) == RE2::NoError);
  std::vector<std::string> literals;
  filter.Compile(&literals);
  const auto may_match_without = [&](const std::set<int>& missing) {
    std::vector<int> present, potentials;
    for (int i = 0; i < static_cast<int>(literals.size()); ++i) {
      if (!missing.contains(i)) present.push_back(i);
    }
    filter.AllPotentials(present, &potentials);
    return !potentials.empty();
  };
  std::vector<int> shortest_first(literals.size());
  std::iota(shortest_first.begin(), shortest_first.end(), 0);
  std::stable_sort(shortest_first.begin(), shortest_first.end(), [&](int x, int y) {
    return literals[static_cast<size_t>(x)].size() < literals[static_cast<size_t>(y)].size();
  });
  std::set<int> needed(shortest_first.begin(), shortest_first.end());
  if (may_match_without(needed)) return {};
  for (const int literal : shortest_first) {
    needed.erase(literal);
    if (may_match_without(needed)) needed.insert(literal);
  }
  std::vector<std::string> out;
  out.reserve(needed.size());
  for (const int literal : needed) out.push_back(literals[static_cast<size_t>(literal)]);
  return out;
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
  std::map<std::string, uint64_t> rules_of_literal;
  for (const BoilerplateRule& rule : BoilerplateRules()) {
    if (rule.place != place) continue;
    WONBON_CHECK(rules_.size() < 64);
    const uint64_t bit = uint64_t{1} << rules_.size();
    const std::string pattern = "(?:" + std::string(rule.pattern) + ")" + end;
    const std::vector<std::string> literals = LiteralsOf(pattern, options);
    if (literals.empty()) always_ |= bit;
    for (const std::string& literal : literals) rules_of_literal[literal] |= bit;
    rules_.push_back({&rule, std::make_unique<RE2>(pattern, options)});
  }
  for (const auto& [literal, rules] : rules_of_literal) {
    literals_.Add(Fold(literal, /*with_source=*/false).text, rules);
  }
}

RuleSet::~RuleSet() = default;

TextSpan RuleSet::Match(Squeezed& squeezed) const {
  for (uint64_t rules = always_ | literals_.Find(squeezed.units()); rules != 0;
       rules &= rules - 1) {
    const CompiledRule& rule = rules_[static_cast<size_t>(std::countr_zero(rules))];
    const StringPiece text(squeezed.utf8().data(), squeezed.utf8().size());
    StringPiece captures[2];  // the whole, and the only capture that a rule may have
    const int wanted = 1 + rule.expression->NumberOfCapturingGroups();
    if (!rule.expression->Match(text, 0, text.size(), AnchorOf(place_), captures, wanted)) {
      continue;
    }
    const StringPiece& found = captures[wanted - 1];
    const std::string_view boilerplate(found.data(), found.size());
    if (CountCharacters(boilerplate) > rule.rule->max_characters) continue;
    if (HoldsStatement(boilerplate)) continue;
    return {squeezed.At(found.data()), squeezed.At(found.data() + found.size())};
  }
  return {};
}

}  // namespace wonbon
