#include "core/text/canonical.h"

#include <cstring>
#include <utility>

#include "core/text/block_scan.h"
#include "core/text/boilerplate.h"
#include "core/text/fold.h"
#include "core/text/headline_tags.h"
#include "core/text/html.h"

namespace wonbon {
namespace {

// Fewer letters and digits than this left: the text was all boilerplate, and stays.
constexpr size_t kMinUnitsLeft = 10;

// Copies what is to be kept: runs of white space as one ' ', or '\n' where there is one among them.
class Writer {
 public:
  Writer(const FoldedText& folded, CanonicalText* out)
      : folded_(folded), with_source_(!folded.source.empty()), out_(*out) {
    // White space for a part left out comes on top, and what is copied of a word's last lanes.
    out_.folded.resize(folded.text.size() + 1 + kUnitLanes);
    out_.units.resize(folded.text.size() + kUnitLanes);
    text_ = out_.folded.data();
    unit_ = out_.units.data();
  }

  void Copy(size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      if (!with_source_) i = CopyHangul(i, end);
      if (i == end) break;
      const char16_t c = folded_.text[i];
      if (c == u' ' || c == u'\n') {
        if (space_ != u'\n') space_ = c;
        continue;
      }
      WriteSpace(c);
      *text_++ = c;
      if (!IsUnitAt(i)) continue;
      *unit_++ = c;
      if (!with_source_) continue;
      out_.unit_source.push_back(folded_.source[i]);
      out_.unit_source_end.push_back(folded_.source_end[i]);
    }
  }

  // A part was left out here, in place of which white space stands.
  void Break() {
    if (space_ == 0) space_ = u' ';
  }

  void Finish() {
    EndSentence();
    out_.folded.resize(static_cast<size_t>(text_ - out_.folded.data()));
    out_.units.resize(static_cast<size_t>(unit_ - out_.units.data()));
  }

 private:
  // Copies words of syllables from `i` on, a few letters at a time. Returns the index of what it
  // left.
  size_t CopyHangul(size_t i, size_t end) {
    while (i + kUnitLanes <= end) {
      const char16_t* const from = folded_.text.data() + i;
      const size_t syllables = LeadingSyllables(from);
      if (syllables == 0) break;
      WriteSpace(*from);
      std::memcpy(text_, from, kUnitLanes * sizeof(char16_t));
      std::memcpy(unit_, from, kUnitLanes * sizeof(char16_t));
      text_ += syllables;
      unit_ += syllables;
      i += syllables;
      if (syllables == kUnitLanes) continue;
      // Another word: between syllables a space is a space.
      if (i + 1 >= end || from[syllables] != u' ' || !IsSyllable(from[syllables + 1])) break;
      *text_++ = u' ';
      ++i;
    }
    return i;
  }

  static bool IsSyllable(char16_t c) { return c >= 0xAC00 && c <= 0xD7A3; }

  // How many of the kUnitLanes characters at `from` are Hangul before one is not.
  static size_t LeadingSyllables(const char16_t* from) {
    const UnitLanes lanes = LoadUnits(from);
    return FirstLane((lanes < Lane(0xAC00)) | (lanes > Lane(0xD7A3)));
  }

  // White space that is due goes before `c`.
  void WriteSpace(char16_t c) {
    if (space_ == 0) return;
    if (text_ != out_.folded.data()) {
      if (space_ == u'\n' || IsBullet(c) || EndsSentence()) EndSentence();
      *text_++ = space_;
    }
    space_ = 0;
  }

  bool IsUnitAt(size_t i) const {
    const std::u16string& text = folded_.text;
    const char16_t c = text[i];
    if (IsSyllable(c)) return true;  // nearly always
    if ((c & 0xF800) != 0xD800) return IsUnit(c);
    if ((c & 0xFC00) == 0xD800) return i + 1 < text.size() && IsSupplementaryUnit(c, text[i + 1]);
    return i > 0 && IsSupplementaryUnit(text[i - 1], c);
  }

  // ■ ▲ ◆ ○ and their like.
  static bool IsBullet(char16_t c) { return c >= 0x25A0 && c <= 0x25FF; }

  // What is written ends with a full stop, or with a quotation that does.
  bool EndsSentence() const {
    const auto ends = [](char16_t c) { return c == u'.' || c == u'!' || c == u'?'; };
    const bool quoted = text_[-1] == u'"' || text_[-1] == u'\'' || text_[-1] == u'”';
    return ends(text_[-1]) || (quoted && text_ - out_.folded.data() > 1 && ends(text_[-2]));
  }

  void EndSentence() {
    const auto end = static_cast<uint32_t>(unit_ - out_.units.data());
    std::vector<uint32_t>& ends = out_.sentence_ends;
    if (end > (ends.empty() ? 0 : ends.back())) ends.push_back(end);
  }

  const FoldedText& folded_;
  const bool with_source_;
  CanonicalText& out_;
  char16_t* text_;
  char16_t* unit_;
  char16_t space_ = 0;
};

CanonicalText Write(const FoldedText& folded, const std::vector<TextSpan>& left_out) {
  CanonicalText canonical;
  Writer writer(folded, &canonical);
  size_t kept = 0;
  for (const TextSpan& span : left_out) {
    writer.Copy(kept, span.begin);
    writer.Break();
    kept = span.end;
  }
  writer.Copy(kept, folded.text.size());
  writer.Finish();
  return canonical;
}

// Offsets in the text of the HTML -> offsets in the HTML.
void MapToHtml(const HtmlText& html, CanonicalText* canonical) {
  HtmlText::Cursor begin;
  HtmlText::Cursor end;
  for (uint32_t& source : canonical->unit_source) source = html.SourceBegin(source, &begin);
  for (uint32_t& source : canonical->unit_source_end) source = html.SourceEnd(source, &end);
}

CanonicalText CanonicalizeText(std::string_view text, bool with_source) {
  const FoldedText folded = Fold(text, with_source);
  CanonicalText canonical = Write(folded, FindBoilerplate(folded.text));
  if (canonical.units.size() < kMinUnitsLeft) return Write(folded, {});
  return canonical;
}

}  // namespace

CanonicalText Canonicalize(std::string_view body, const CanonicalizeOptions& options) {
  const bool is_html = options.content_type == ContentType::kHtml ||
                       (options.content_type == ContentType::kDetect && LooksLikeHtml(body));
  if (!is_html) return CanonicalizeText(body, options.with_source);
  const HtmlText html = ReduceHtml(body);
  CanonicalText canonical = CanonicalizeText(html.text(), options.with_source);
  if (options.with_source) MapToHtml(html, &canonical);
  return canonical;
}

CanonicalText CanonicalizeTitle(std::string_view title) {
  return Write(Fold(title, /*with_source=*/false), {});
}

CanonicalText WithoutTags(const CanonicalText& title) {
  const std::vector<TextSpan> tags = FindHeadlineTags(title.folded);
  if (tags.empty()) return title;
  CanonicalText without = Write({.text = title.folded, .source = {}, .source_end = {}}, tags);
  return without.units.empty() ? title : without;
}

}  // namespace wonbon
