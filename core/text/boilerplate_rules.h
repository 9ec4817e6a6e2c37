// The boilerplate rules, as data. A change here changes canonical texts: raise kTextRulesVersion
// (canonical.h).
//
// Rules see folded text (NFKC, lower case, "ⓒ" as "©") with its white space squeezed out, so that
// no spacing error hides boilerplate; line breaks remain as one '\n'. Every rule says itself where
// its boilerplate begins and ends: a line break helps, but must not be needed, since many crawls
// lose them.
#pragma once

#include <cstddef>
#include <string_view>

#include "absl/types/span.h"

namespace wonbon {

enum class RulePlace {
  kHead,       // at the start of the text, again and again
  kTail,       // at its end, again and again
  kNotice,     // at its end, where no kTail rule applies
  kTailAfter,  // at its end, where a kTail rule applied behind it
  kMark,       // anywhere, from one of kRuleMarks on
  kLine,       // a line of its own, anywhere
};

struct BoilerplateRule {
  std::string_view name;
  RulePlace place;
  // A longer match, in characters without white space, is no match. Patterns repeat without bounds,
  // since RE2 is slow on counted repetition; this is their bound.
  size_t max_characters;
  // RE2. kHead and kMark are anchored at their start, kTail, kNotice and kTailAfter at their end,
  // kLine at both. Where it captures, only what it captures is boilerplate: what stands around it
  // is what must be there.
  std::string_view pattern;
};

// Characters at which kMark rules are tried.
inline constexpr std::u16string_view kRuleMarks = u"([<《【◀©*/";

absl::Span<const BoilerplateRule> BoilerplateRules();

}  // namespace wonbon
