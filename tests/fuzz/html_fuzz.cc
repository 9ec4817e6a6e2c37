// HTML: reduced to its text, with offsets that lead back into it.
#include "core/text/html.h"

#include "core/text/canonical.h"
#include "core/text/utf8.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wonbon;  // NOLINT: one function, one file
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  LooksLikeHtml(html);
  const HtmlText reduced = ReduceHtml(html);
  const CanonicalText plain = Canonicalize(html, {.content_type = ContentType::kHtml});
  Canonicalize(html, {.content_type = ContentType::kDetect});
  if (FindInvalidUtf8(html) != html.size()) return 0;

  FUZZ_PROMISE(FindInvalidUtf8(reduced.text()) == reduced.text().size());
  HtmlText::Cursor begin;
  HtmlText::Cursor end;
  for (size_t i = 0; i < reduced.text().size(); ++i) {
    const auto byte = static_cast<unsigned char>(reduced.text()[i]);
    if ((byte & 0xC0) == 0x80) continue;
    size_t next = i + 1;
    while (next < reduced.text().size() &&
           (static_cast<unsigned char>(reduced.text()[next]) & 0xC0) == 0x80) {
      ++next;
    }
    const uint32_t from = reduced.SourceBegin(static_cast<uint32_t>(i), &begin);
    const uint32_t to = reduced.SourceEnd(static_cast<uint32_t>(next), &end);
    FUZZ_PROMISE(from <= to && to <= size);
  }
  const CanonicalText sourced =
      Canonicalize(html, {.content_type = ContentType::kHtml, .with_source = true});
  FUZZ_PROMISE(sourced.units == plain.units);
  for (size_t i = 0; i < sourced.units.size(); ++i) {
    FUZZ_PROMISE(sourced.unit_source[i] <= sourced.unit_source_end[i]);
    FUZZ_PROMISE(sourced.unit_source_end[i] <= size);
  }
  return 0;
}
