#include "core/text/html.h"

#include <gumbo.h>
#include <setjmp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "core/text/html_bounds.h"
#include "core/text/html_elements.h"

namespace wonbon {
namespace {

// All memory of one parse, freed at once: gumbo's own clean-up recurses as deep as the tree. Where
// a limit is passed, leaves the parser by longjmp, which is safe as no frame of C++ lies between
// and gumbo holds nothing but this memory; gumbo itself cannot be told that memory is out.
class ParseArena {
 public:
  static void* Allocate(void* arena, size_t size) {
    return static_cast<ParseArena*>(arena)->Take(size);
  }
  static void Deallocate(void*, void*) {}

  jmp_buf exceeded;

 private:
  static constexpr size_t kBlockBytes = 256 << 10;

  void* Take(size_t size) {
    // Attributes of one tag are allocated in a row, before the node of its element.
    if (size == sizeof(GumboNode)) attributes_ = 0;
    if (size == sizeof(GumboAttribute) && ++attributes_ > kMaxHtmlAttributes) longjmp(exceeded, 1);
    size = (size + 15) & ~size_t{15};
    if (size > left_) NewBlock(size);
    char* taken = next_;
    next_ += size;
    left_ -= size;
    return taken;
  }

  void NewBlock(size_t size) {
    const size_t bytes = std::max(size, kBlockBytes);
    if (total_ + bytes > kMaxHtmlTreeBytes) longjmp(exceeded, 1);
    total_ += bytes;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    next_ = blocks_.back().get();
    left_ = bytes;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t total_ = 0;
  size_t attributes_ = 0;
};

// Null where a limit was passed.
const GumboOutput* Parse(std::string_view html, ParseArena* arena) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &ParseArena::Allocate;
  options.deallocator = &ParseArena::Deallocate;
  options.userdata = arena;
  options.max_errors = 0;
  if (setjmp(arena->exceeded) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

// Length of the character reference that begins `text` ("&amp;", "&#44032;", "&nbsp"), at least 1.
size_t ReferenceBytes(std::string_view text) {
  constexpr size_t kLongest = 34;  // &CounterClockwiseContourIntegral;
  size_t end = 1;
  if (end < text.size() && text[end] == '#') ++end;
  while (end < text.size() && end < kLongest && absl::ascii_isalnum(text[end])) ++end;
  if (end < text.size() && text[end] == ';') return end + 1;
  return end;
}

size_t CharacterBytes(std::string_view utf8) {
  size_t bytes = 1;
  while (bytes < utf8.size() && (utf8[bytes] & 0xC0) == 0x80) ++bytes;
  return bytes;
}

// Appends the decoded text of a node, walking along what it was decoded from. gumbo tells where a
// text node stood, not where each character did.
class TextAligner {
 public:
  TextAligner(std::string_view decoded, std::string_view original, size_t source, HtmlText* out)
      : decoded_(decoded), original_(original), source_(source), out_(*out) {}

  void Run() {
    while (!decoded_.empty()) {
      const size_t same = SameBytes();
      Take(same);
      if (decoded_.empty()) return;
      if (original_.empty()) break;
      const char c = original_.front();
      if (c == '&') {
        Reference();
      } else if (c == '<') {  // a tag that gumbo ignored, inside the text
        SkipOriginal(std::min(original_.find('>'), original_.size() - 1) + 1);
      } else {  // a carriage return, or a byte that cannot stand in HTML
        SkipOriginal(1);
      }
    }
    if (!decoded_.empty()) {
      out_.AppendDecoded(decoded_, source_, source_ + original_.size());
    }
  }

 private:
  size_t SameBytes() const {
    size_t n = 0;
    while (n < decoded_.size() && n < original_.size() && decoded_[n] == original_[n] &&
           original_[n] != '&') {
      ++n;
    }
    return n;
  }

  void Reference() {
    size_t length = ReferenceBytes(original_);
    const bool terminated = original_[length - 1] == ';';
    const std::string_view reference = original_.substr(0, length);
    const bool is_ampersand = reference.starts_with("&amp");
    if (length == 1 || (!is_ampersand && decoded_.starts_with(reference))) {
      Take(length);  // not a reference after all
      return;
    }
    size_t bytes = CharacterBytes(decoded_);
    if (terminated && !GoesOnAlike(bytes, length)) {
      bytes += CharacterBytes(decoded_.substr(bytes));  // "&NotEqualTilde;": two characters
    }
    if (!terminated) {
      // "&nbspfoo": the shortest name after which both texts go on alike.
      const std::string_view rest = decoded_.substr(bytes, 3);
      size_t shortest = std::min<size_t>(3, length);
      while (shortest < length && !original_.substr(shortest).starts_with(rest)) ++shortest;
      length = shortest;
    }
    out_.AppendDecoded(decoded_.substr(0, bytes), source_, source_ + length);
    decoded_.remove_prefix(bytes);
    SkipOriginal(length);
  }

  // Whether both texts can go on alike after so many bytes of each.
  bool GoesOnAlike(size_t decoded_bytes, size_t original_bytes) const {
    if (decoded_bytes >= decoded_.size() || original_bytes >= original_.size()) return true;
    const char next = original_[original_bytes];
    return next == decoded_[decoded_bytes] || next == '&' || next == '<' || next == '\r';
  }

  void Take(size_t n) {
    out_.AppendVerbatim(decoded_.substr(0, n), source_);
    decoded_.remove_prefix(n);
    SkipOriginal(n);
  }

  void SkipOriginal(size_t n) {
    original_.remove_prefix(n);
    source_ += n;
  }

  std::string_view decoded_;
  std::string_view original_;
  size_t source_;
  HtmlText& out_;
};

class TreeReader {
 public:
  // `is_page`: a whole page rather than a piece of one. Its <h1> is the headline, which documents
  // carry in a field of its own.
  TreeReader(std::string_view html, bool is_page) : html_(html), is_page_(is_page) {}

  HtmlText Run(const GumboNode* root) {
    Enter(root);
    while (!path_.empty()) {
      auto& [node, next] = path_.back();
      if (next < node->v.element.children.length) {
        Visit(static_cast<const GumboNode*>(node->v.element.children.data[next++]));
        continue;
      }
      if (IsBlockElement(node->v.element.tag)) {
        text_.AppendBreak(SourceOf(node->v.element.original_end_tag));
      }
      path_.pop_back();
    }
    text_.Finish();
    return std::move(text_);
  }

 private:
  void Visit(const GumboNode* node) {
    switch (node->type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE: {
        const GumboStringPiece& original = node->v.text.original_text;
        TextAligner(node->v.text.text, {original.data, original.length}, SourceOf(original), &text_)
            .Run();
        break;
      }
      case GUMBO_NODE_ELEMENT: Enter(node); break;
      default: break;
    }
  }

  void Enter(const GumboNode* node) {
    const GumboTag tag = node->v.element.tag;
    if (IsBlockElement(tag)) text_.AppendBreak(SourceOf(node->v.element.original_tag));
    if (IsDroppedElement(tag) || (is_page_ && tag == GUMBO_TAG_H1)) return;
    path_.emplace_back(node, 0);
  }

  // Elements that the HTML leaves out have no place in it: then where the text before ends.
  size_t SourceOf(const GumboStringPiece& piece) {
    if (piece.data != nullptr && piece.data >= html_.data() &&
        piece.data <= html_.data() + html_.size()) {
      last_source_ = piece.data - html_.data();
    }
    return last_source_;
  }

  const std::string_view html_;
  const bool is_page_;
  HtmlText text_;
  std::vector<std::pair<const GumboNode*, unsigned int>> path_;
  size_t last_source_ = 0;
};

}  // namespace

HtmlText ReduceHtml(std::string_view html) {
  if (!FitsParser(html)) return StripTags(html);
  ParseArena arena;
  const GumboOutput* output = Parse(html, &arena);
  if (output == nullptr || output->root == nullptr) return StripTags(html);
  // <html> is there in every tree, but stands in the HTML of a page only.
  const bool is_page = output->root->v.element.original_tag.length > 0;
  HtmlText text = TreeReader(html, is_page).Run(output->root);
  if (text.text().find_first_not_of(" \t\r\n") != std::string::npos) return text;
  return StripTags(html);  // all of it stood in parts of a page that articles do not stand in
}

}  // namespace wonbon
