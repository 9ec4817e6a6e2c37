// The boilerplate rules, as data. A change here changes canonical texts: raise kTextRulesVersion
// (canonical.h).
//
// Rules see folded text (NFKC, lower case, "ⓒ" as "©") with its white space squeezed out, so that
// no spacing error hides boilerplate; line breaks remain as one '\n'. Every rule says itself where
// its boilerplate begins and ends: a line break helps, but must not be needed, since many crawls
// lose them.
#pragma once

#include <string_view>

#include "absl/types/span.h"

namespace wonbon {

enum class RulePlace {
  kHead,       // at the start of the text, again and again
  kTail,       // at its end, again and again
  kTailAfter,  // at its end, where a kTail rule applied after it
  kBracket,    // a bracket anywhere, both of its signs included
  kLine,       // a line of its own, anywhere
};

struct BoilerplateRule {
  std::string_view name;
  RulePlace place;
  // RE2. kHead is anchored at its start, kTail at its end, the others at both. Where there is a
  // group, only the group is boilerplate: what stands around it is what must be there.
  std::string_view pattern;
};

absl::Span<const BoilerplateRule> BoilerplateRules();

}  // namespace wonbon
