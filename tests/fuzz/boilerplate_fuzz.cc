// Boilerplate: the spans that are taken for it lie in the text, in order, apart.
#include "core/text/boilerplate.h"

#include <string>

#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wonbon;  // NOLINT: one function, one file
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (FindInvalidUtf8(text) != text.size()) return 0;
  const std::u16string folded = Fold(text, false).text;
  size_t end = 0;
  for (const TextSpan& span : FindBoilerplate(folded)) {
    FUZZ_PROMISE(end <= span.begin && span.begin <= span.end && span.end <= folded.size());
    end = span.end;
  }
  return 0;
}
