// The text that is left of HTML, and where each piece of it stood (HtmlText, core/text/html.h).
#include <algorithm>

#include "core/text/html.h"

namespace wonbon {

void HtmlText::AppendVerbatim(std::string_view text, size_t source) {
  if (text.empty()) return;
  const auto begin = static_cast<uint32_t>(text_.size());
  const auto end = static_cast<uint32_t>(source + text.size());
  text_.append(text);
  if (!runs_.empty() && runs_.back().verbatim && runs_.back().source_end == source) {
    runs_.back().source_end = end;
    return;
  }
  runs_.push_back({begin, static_cast<uint32_t>(source), end, true});
}

void HtmlText::AppendDecoded(std::string_view text, size_t source, size_t source_end) {
  if (text.empty()) return;
  runs_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(source),
                   static_cast<uint32_t>(source_end), false});
  text_.append(text);
}

void HtmlText::AppendBreak(size_t source) {
  has_breaks_ = true;
  if (text_.empty() || text_.back() == '\v') return;
  // Told apart from the line breaks of the HTML until Finish(); folded to '\n' like them.
  AppendDecoded("\v", source, source);
}

void HtmlText::Finish() {
  if (!has_breaks_) return;
  std::replace_if(
      text_.begin(), text_.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  std::replace(text_.begin(), text_.end(), '\v', '\n');
}

void HtmlText::Seek(uint32_t text_offset, Cursor* cursor) const {
  if (cursor->run >= runs_.size() || runs_[cursor->run].text_begin > text_offset) cursor->run = 0;
  while (cursor->run + 1 < runs_.size() && runs_[cursor->run + 1].text_begin <= text_offset) {
    ++cursor->run;
  }
}

uint32_t HtmlText::SourceBegin(uint32_t begin, Cursor* cursor) const {
  if (runs_.empty()) return 0;
  Seek(begin, cursor);
  const Run& run = runs_[cursor->run];
  return run.verbatim ? run.source_begin + (begin - run.text_begin) : run.source_begin;
}

uint32_t HtmlText::SourceEnd(uint32_t end, Cursor* cursor) const {
  if (runs_.empty() || end == 0) return 0;
  Seek(end - 1, cursor);
  const Run& run = runs_[cursor->run];
  return run.verbatim ? run.source_begin + (end - run.text_begin) : run.source_end;
}

}  // namespace wonbon
