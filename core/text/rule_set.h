// The boilerplate rules of one place, compiled. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/text/boilerplate_rules.h"
#include "core/text/literal_filter.h"
#include "core/text/squeezed.h"
#include "core/text/text_span.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace wonbon {

// Whether a statement ends in a squeezed stretch: "...했다." Polite endings ("기다립니다.") do not
// count: boilerplate uses them.
bool HoldsStatement(std::string_view squeezed);

class RuleSet {
 public:
  explicit RuleSet(RulePlace place);
  ~RuleSet();

  // The boilerplate of the first rule that applies to all of `squeezed`, as indices of the folded
  // text; empty where none does.
  TextSpan Match(Squeezed& squeezed) const;

 private:
  struct CompiledRule {
    const BoilerplateRule* rule;
    std::unique_ptr<re2::RE2> expression;
  };

  const RulePlace place_;
  std::vector<CompiledRule> rules_;
  // Rules that have a literal in every match, and (bit i: rule i) those that have none.
  LiteralFilter literals_;
  uint64_t always_ = 0;
};

}  // namespace wonbon
