// HTML reduced to the text of the article, the first step of the canonical text: scripts, styles,
// navigation, page headers and footers, side bars, forms and comments dropped, character references
// decoded, block elements turned into line breaks. CDATA sections are read as what they hold.
//
// One pass without a tree, in linear time whatever the HTML. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wonbon {

// UTF-8 text, and where in the HTML it stood.
class HtmlText {
 public:
  const std::string& text() const { return text_; }

  // Byte offsets in the HTML of the character whose bytes in text() begin at `begin`, and just past
  // the one whose bytes end at `end`. Asked in ascending order they cost O(1) each, on average.
  struct Cursor {
    size_t run = 0;
  };
  uint32_t SourceBegin(uint32_t begin, Cursor* cursor) const;
  uint32_t SourceEnd(uint32_t end, Cursor* cursor) const;

  // Text that stands in the HTML as it is, from `source` on.
  void AppendVerbatim(std::string_view text, size_t source);
  // Text that stands in the HTML as something else (a character reference), in
  // [source, source_end).
  void AppendDecoded(std::string_view text, size_t source, size_t source_end);
  // A line break that a tag at `source` stands for.
  void AppendBreak(size_t source);
  // Line breaks of the HTML itself mean nothing once tags say where lines end: they become spaces.
  // Without any such tag they stay.
  void Finish();

 private:
  struct Run {
    uint32_t text_begin;
    uint32_t source_begin;
    uint32_t source_end;
    bool verbatim;
  };
  void Seek(uint32_t text_offset, Cursor* cursor) const;

  std::string text_;
  std::vector<Run> runs_;
  bool has_breaks_ = false;
};

// Whether a body without content type is HTML: a <br> or <!doctype html>, a known element with an
// attribute, a known element opened and closed, a character reference, or a CDATA section. Angle
// brackets of captions and speakers ("<앵커>", "<사진=...>", "a < b") are not, nor is the ampersand
// of "AT&T" or of a url's query.
bool LooksLikeHtml(std::string_view body);

// Where the parts of a page are all there is, their text is the text.
HtmlText ReduceHtml(std::string_view html);

}  // namespace wonbon
