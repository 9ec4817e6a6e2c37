// The linear pass for documents that are too much for a tree builder: every byte is looked at a
// bounded number of times. Knows fewer character references, and takes the first '>' for the end of
// a tag.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "core/text/html.h"
#include "core/text/html_elements.h"

namespace wonbon {
namespace {

constexpr std::pair<std::string_view, std::string_view> kReferences[] = {
    {"amp", "&"},   {"lt", "<"},     {"gt", ">"},    {"quot", "\""}, {"apos", "'"},
    {"nbsp", " "},  {"middot", "·"}, {"ldquo", "“"}, {"rdquo", "”"}, {"lsquo", "‘"},
    {"rsquo", "’"}, {"hellip", "…"}, {"ndash", "–"}, {"mdash", "—"}, {"copy", "©"},
    {"times", "×"}, {"rarr", "→"},   {"larr", "←"},  {"bull", "•"},  {"reg", "®"},
};

std::string EncodeUtf8(uint32_t c) {
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  std::string utf8;
  if (c < 0x80) {
    utf8 += static_cast<char>(c);
  } else if (c < 0x800) {
    utf8 += static_cast<char>(0xC0 | c >> 6);
    utf8 += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    utf8 += static_cast<char>(0xE0 | c >> 12);
    utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    utf8 += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    utf8 += static_cast<char>(0xF0 | c >> 18);
    utf8 += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    utf8 += static_cast<char>(0x80 | (c & 0x3F));
  }
  return utf8;
}

// The text of the reference "&...;", or nothing where it is none.
std::string DecodeReference(std::string_view reference) {
  std::string_view name = reference.substr(1, reference.size() - 2);
  if (name.size() > 1 && name[0] == '#') {
    uint32_t c = 0;
    const bool hex = absl::ascii_tolower(name[1]) == 'x';
    const absl::string_view digits(name.data() + (hex ? 2 : 1), name.size() - (hex ? 2 : 1));
    if (hex ? absl::SimpleHexAtoi(digits, &c) : absl::SimpleAtoi(digits, &c)) return EncodeUtf8(c);
    return "";
  }
  for (const auto& [known, text] : kReferences) {
    if (known == name) return std::string(text);
  }
  return "";
}

class TagStripper {
 public:
  TagStripper(std::string_view html, bool keep_page_parts)
      : html_(html), keep_page_parts_(keep_page_parts) {}

  HtmlText Run() {
    size_t pos = 0;
    while (pos < html_.size()) {
      const size_t next = std::min(html_.find_first_of("<&", pos), html_.size());
      AppendText(pos, next);
      if (next == html_.size()) break;
      pos = html_[next] == '&' ? Reference(next) : Markup(next);
    }
    text_.Finish();
    return std::move(text_);
  }

 private:
  void AppendText(size_t begin, size_t end) {
    if (dropped_depth_ == 0) text_.AppendVerbatim(html_.substr(begin, end - begin), begin);
  }

  // Each returns the offset to go on from.
  size_t Reference(size_t pos) {
    constexpr size_t kMaxReferenceBytes = 12;
    const size_t semicolon = html_.substr(pos, kMaxReferenceBytes).find(';');
    if (semicolon != std::string_view::npos && semicolon > 1) {
      const std::string decoded = DecodeReference(html_.substr(pos, semicolon + 1));
      if (!decoded.empty()) {
        if (dropped_depth_ == 0) text_.AppendDecoded(decoded, pos, pos + semicolon + 1);
        return pos + semicolon + 1;
      }
    }
    AppendText(pos, pos + 1);
    return pos + 1;
  }

  size_t Markup(size_t pos) {
    if (html_.substr(pos, 4).starts_with("<!--")) {
      const size_t end = html_.find("-->", pos + 4);
      return end == std::string_view::npos ? html_.size() : end + 3;
    }
    const TagStart start = ReadTagStart(html_, pos);
    const bool is_other =
        pos + 1 < html_.size() && (html_[pos + 1] == '!' || html_[pos + 1] == '?');
    if (!start.is_tag && !is_other) {
      AppendText(pos, pos + 1);
      return pos + 1;
    }
    const size_t close = html_.find('>', pos);
    if (close == std::string_view::npos) return html_.size();
    if (!start.is_tag) return close + 1;
    if (!start.is_closing && IsRawTextElement(start.tag)) return EndOfRawText(start, close + 1);
    if (IsDroppedElement(start.tag) && !keep_page_parts_ && start.tag != GUMBO_TAG_HEAD) {
      if (!start.is_closing)
        ++dropped_depth_;
      else if (dropped_depth_ > 0)
        --dropped_depth_;
    }
    if (dropped_depth_ == 0 && IsBlockElement(start.tag)) text_.AppendBreak(pos);
    return close + 1;
  }

  size_t EndOfRawText(const TagStart& start, size_t pos) const {
    while (pos < html_.size()) {
      pos = html_.find("</", pos);
      if (pos == std::string_view::npos) return html_.size();
      if (ReadTagStart(html_, pos).tag == start.tag) return pos;
      pos += 2;
    }
    return html_.size();
  }

  const std::string_view html_;
  const bool keep_page_parts_;
  HtmlText text_;
  size_t dropped_depth_ = 0;
};

}  // namespace

HtmlText StripTags(std::string_view html) {
  HtmlText text = TagStripper(html, /*keep_page_parts=*/false).Run();
  if (text.text().find_first_not_of(" \t\r\n") != std::string::npos) return text;
  // An element that is never closed may have taken everything.
  return TagStripper(html, /*keep_page_parts=*/true).Run();
}

}  // namespace wonbon
