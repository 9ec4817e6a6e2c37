// Korean articles for tests: seeded, so that a failure can be repeated.
#pragma once

#include <cstdint>
#include <string>

namespace wonbon {

// An article of about `sentences` * 30 syllables; other seeds have nothing in common.
std::string ArticleText(uint64_t seed, int sentences = 12);
// The same with one sentence replaced: NEAR for the judge.
std::string EditedText(uint64_t seed, int sentences = 12);
std::string HeadlineText(uint64_t seed);

}  // namespace wonbon
