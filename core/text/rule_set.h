// The boilerplate rules of one place, compiled. Thread-safe.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/text/boilerplate_rules.h"
#include "core/text/squeezed.h"
#include "core/text/text_span.h"

namespace re2 {
class RE2;
class StringPiece;
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
  TextSpan Match(const Squeezed& squeezed) const;

 private:
  struct CompiledRule {
    const BoilerplateRule* rule;
    std::unique_ptr<re2::RE2> expression;
  };

  bool Search(const re2::RE2& expression, const re2::StringPiece& text, re2::StringPiece* captures,
              int wanted) const;

  const RulePlace place_;
  std::vector<CompiledRule> rules_;
  // All rules as one expression: says "none applies" at the cost of one search.
  std::unique_ptr<re2::RE2> any_;
};

}  // namespace wonbon
