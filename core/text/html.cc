// HTML -> the text of the article: the linear reader behind ReduceHtml.
#include "core/text/html.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/text/html_cdata.h"
#include "core/text/html_elements.h"
#include "core/text/html_raw_text.h"
#include "core/text/html_references.h"

namespace wonbon {
namespace {

// The elements open at a place that decide what is text: containers and what is dropped. Each step
// takes constant time: what is closed was opened once, and of each element the last open one is
// known.
class OpenElements {
 public:
  OpenElements() : last_(kHtmlElements), table_(IndexOf(*FindHtmlElement("table"))) {}

  bool IsDropping() const { return dropped_ > 0; }
  bool IsTop(size_t element) const { return !open_.empty() && open_.back().element == element; }
  bool Has(size_t element) const { return last_[element] > 0; }

  void Open(size_t element, bool is_dropped) {
    open_.push_back({element, last_[element], is_dropped});
    last_[element] = open_.size();
    if (is_dropped) ++dropped_;
  }

  // Closes the element and what was left open inside it. A cell closes nothing outside its table.
  void Close(size_t element) {
    if (last_[element] > 0 && last_[element] >= last_[table_]) CloseDownTo(last_[element] - 1);
  }

  // A row or a cell begins or ends: what was left open in the table is closed.
  void CloseCell() {
    if (last_[table_] > 0) CloseDownTo(last_[table_]);
  }

 private:
  struct OpenElement {
    size_t element;
    size_t previous;  // last_ of the element before this one was opened
    bool is_dropped;
  };

  void CloseDownTo(size_t size) {
    while (open_.size() > size) {
      const OpenElement& top = open_.back();
      last_[top.element] = top.previous;
      if (top.is_dropped) --dropped_;
      open_.pop_back();
    }
  }

  std::vector<OpenElement> open_;
  // By element: how many elements were open once the last such one was; 0 where none is.
  std::vector<size_t> last_;
  const size_t table_;
  size_t dropped_ = 0;
};

class HtmlReader {
 public:
  // `keeps_page_parts`: nothing but scripts and the like is dropped.
  HtmlReader(std::string_view html, bool keeps_page_parts)
      : html_(html), keeps_page_parts_(keeps_page_parts), tag_ends_(html) {}

  HtmlText Run() {
    size_t pos = 0;
    while (pos < html_.size()) {
      const size_t next = NextMark(pos);
      AppendText(pos, next);
      if (next == html_.size()) break;
      switch (html_[next]) {
        case '&': pos = ReadReference(next); break;
        case '<': pos = ReadMarkup(next); break;
        default: pos = ReadBracket(next);
      }
    }
    text_.Finish();
    return std::move(text_);
  }

 private:
  // Offset of the next character that may begin something else than text.
  size_t NextMark(size_t pos) const {
    const bool has_bracket = cdata_sections_ > 0;
    while (pos < html_.size() && html_[pos] != '<' && html_[pos] != '&' &&
           !(has_bracket && html_[pos] == ']')) {
      ++pos;
    }
    return pos;
  }

  void AppendText(size_t begin, size_t end) {
    if (!open_.IsDropping()) text_.AppendVerbatim(html_.substr(begin, end - begin), begin);
  }

  // Each returns the offset to go on from.
  size_t ReadReference(size_t pos) {
    if (const size_t cdata = CdataOpeningBytes(html_.substr(pos)); cdata > 0) {
      ++cdata_sections_;
      return pos + cdata;
    }
    const std::optional<HtmlReference> reference = ReadHtmlReference(html_.substr(pos));
    if (!reference.has_value()) {
      AppendText(pos, pos + 1);
      return pos + 1;
    }
    const size_t end = pos + reference->bytes;
    if (!open_.IsDropping()) text_.AppendDecoded(reference->text, pos, end);
    return end;
  }

  // Inside a CDATA section, where it may end.
  size_t ReadBracket(size_t pos) {
    if (const size_t closing = CdataClosingBytes(html_.substr(pos)); closing > 0) {
      --cdata_sections_;
      return pos + closing;
    }
    AppendText(pos, pos + 1);
    return pos + 1;
  }

  size_t ReadMarkup(size_t pos) {
    if (const size_t cdata = CdataOpeningBytes(html_.substr(pos)); cdata > 0) {
      ++cdata_sections_;
      return pos + cdata;
    }
    if (html_.substr(pos, 4) == "<!--") return EndOfHtmlComment(html_, pos);
    const TagStart start = ReadTagStart(html_, pos);
    if (start.is_tag) return ReadTag(pos, start);
    const char next = pos + 1 < html_.size() ? html_[pos + 1] : '\0';
    if (next == '!' || next == '?' || next == '/') {  // what HTML makes a comment of
      return std::min(html_.find('>', pos), html_.size() - 1) + 1;
    }
    AppendText(pos, pos + 1);
    return pos + 1;
  }

  size_t ReadTag(size_t pos, const TagStart& start) {
    const size_t end = tag_ends_.EndOfTag(start.name_end);
    if (start.element == nullptr) return end;
    const HtmlElement& element = *start.element;
    const size_t index = IndexOf(element);
    const bool is_self_closing = end > pos + 2 && html_.substr(end - 2, 2) == "/>";
    LeaveDrawing(element);
    if (IsInDrawing()) {
      ReadInDrawing(element, start.is_closing, is_self_closing);
      return end;
    }
    if (start.is_closing) {
      Close(element, index);
    } else if (element.Is(HtmlElement::kRaw)) {
      return EndOfHtmlRawText(html_, end, element);
    } else if (!(element.Is(HtmlElement::kForeign) && is_self_closing)) {
      Open(element, index);
    }
    if (!open_.IsDropping() && element.Is(HtmlElement::kBlock)) text_.AppendBreak(pos);
    return end;
  }

  void Open(const HtmlElement& element, size_t index) {
    if (element.name == "html") is_page_ = true;
    CloseHeading(element);
    if (element.Is(HtmlElement::kCell)) open_.CloseCell();
    // The headline of a page; documents carry it in a field of its own. A piece of a page may have
    // headings of its own.
    const bool is_headline = is_page_ && element.name == "h1";
    const bool is_dropped =
        !keeps_page_parts_ && (is_headline || element.Is(HtmlElement::kDropped));
    if (is_dropped || element.Is(HtmlElement::kContainer)) open_.Open(index, is_dropped);
  }

  void Close(const HtmlElement& element, size_t index) {
    CloseHeading(element);
    if (element.Is(HtmlElement::kCell)) open_.CloseCell();
    open_.Close(index);
  }

  // Any heading ends the one before it: "<h1>...</h2>".
  void CloseHeading(const HtmlElement& element) {
    if (element.Is(HtmlElement::kHeading) && open_.IsTop(h1_)) open_.Close(h1_);
  }

  bool IsInDrawing() const { return open_.Has(svg_) || open_.Has(math_); }

  void ReadInDrawing(const HtmlElement& element, bool is_closing, bool is_self_closing) {
    const size_t index = IndexOf(element);
    if (!element.Is(HtmlElement::kForeign) && index != foreign_object_) return;
    if (is_closing) {
      open_.Close(index);
    } else if (!is_self_closing) {
      open_.Open(index, /*is_dropped=*/false);
    }
  }

  // Lines of text do not stand in a drawing: it was not closed.
  void LeaveDrawing(const HtmlElement& element) {
    const bool is_text = element.Is(HtmlElement::kBlock) && !element.Is(HtmlElement::kDropped);
    if (!is_text || !IsInDrawing() || open_.Has(foreign_object_)) return;
    open_.Close(svg_);
    open_.Close(math_);
  }

  const std::string_view html_;
  const bool keeps_page_parts_;
  const size_t h1_ = IndexOf(*FindHtmlElement("h1"));
  const size_t svg_ = IndexOf(*FindHtmlElement("svg"));
  const size_t math_ = IndexOf(*FindHtmlElement("math"));
  const size_t foreign_object_ = IndexOf(*FindHtmlElement("foreignobject"));
  HtmlTagEnds tag_ends_;
  OpenElements open_;
  HtmlText text_;
  bool is_page_ = false;  // a whole page rather than a piece of one: <html> was there
  size_t cdata_sections_ = 0;
};

}  // namespace

HtmlText ReduceHtml(std::string_view html) {
  HtmlText text = HtmlReader(html, /*keeps_page_parts=*/false).Run();
  if (text.text().find_first_not_of(" \t\r\n") != std::string::npos) return text;
  // All of it stood in parts of a page that articles do not stand in, or in one never closed.
  return HtmlReader(html, /*keeps_page_parts=*/true).Run();
}

}  // namespace wonbon
