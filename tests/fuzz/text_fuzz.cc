// Plain text: the UTF-8 check, folding, and the canonical text with and without its sources.
#include "core/text/canonical.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace wonbon {
namespace {

void ExpectSourcesWithin(const std::vector<uint32_t>& begin, const std::vector<uint32_t>& end,
                         size_t units, size_t bytes) {
  FUZZ_PROMISE(begin.size() == units && end.size() == units);
  for (size_t i = 0; i < units; ++i) {
    FUZZ_PROMISE(begin[i] < end[i] && end[i] <= bytes);
    FUZZ_PROMISE(i == 0 || begin[i - 1] <= begin[i]);
  }
}

}  // namespace
}  // namespace wonbon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wonbon;  // NOLINT: one function, one file
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const CanonicalizeOptions options = {.content_type = ContentType::kText};
  const CanonicalText plain = Canonicalize(text, options);
  CanonicalizeTitle(text);
  if (FindInvalidUtf8(text) != text.size()) return 0;  // no crash is all there is to ask

  const FoldedText folded = Fold(text, true);
  ExpectSourcesWithin(folded.source, folded.source_end, folded.text.size(), size);
  FUZZ_PROMISE(Fold(text, false).text == folded.text);

  const CanonicalText sourced =
      Canonicalize(text, {.content_type = ContentType::kText, .with_source = true});
  FUZZ_PROMISE(sourced.units == plain.units && sourced.folded == plain.folded);
  ExpectSourcesWithin(sourced.unit_source, sourced.unit_source_end, sourced.units.size(), size);
  FUZZ_PROMISE(plain.units.size() <= plain.folded.size());
  return 0;
}
