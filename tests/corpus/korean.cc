#include "tests/corpus/korean.h"

namespace wonbon::corpus {
namespace {

constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kLastSyllable = 0xD7A3;
constexpr char32_t kFinals = 28;  // 27 final consonants and none
constexpr char32_t kVowels = 21;
constexpr char32_t kFinalRieul = 8;

bool IsSyllable(char32_t c) { return c >= kFirstSyllable && c <= kLastSyllable; }

// Index of the final consonant of the last syllable; 0 without one.
char32_t Final(std::string_view word) {
  const std::u32string text = Decode(word);
  if (text.empty() || !IsSyllable(text.back())) return 0;
  return (text.back() - kFirstSyllable) % kFinals;
}

std::string Attach(std::string_view word, const char* closed, const char* open) {
  return std::string(word) + (Final(word) != 0 ? closed : open);
}

}  // namespace

std::u32string Decode(std::string_view utf8) {
  std::u32string out;
  for (size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (int k = 1; k < length; ++k)
      c = (c << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
    out.push_back(c);
    i += length;
  }
  return out;
}

std::string Encode(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

size_t Syllables(std::string_view utf8) {
  size_t count = 0;
  for (char32_t c : Decode(utf8)) count += IsSyllable(c);
  return count;
}

std::string Topic(std::string_view word) { return Attach(word, "은", "는"); }
std::string Subject(std::string_view word) { return Attach(word, "이", "가"); }
std::string Object(std::string_view word) { return Attach(word, "을", "를"); }
std::string With(std::string_view word) { return Attach(word, "과", "와"); }
std::string Toward(std::string_view word) {
  return std::string(word) + (Final(word) == 0 || Final(word) == kFinalRieul ? "로" : "으로");
}

std::string Count(int64_t value) {
  if (value < 1000) return std::to_string(value);
  if (value < 10000) {
    const int64_t rest = value % 1000;
    return std::to_string(value / 1000) + "천" + (rest != 0 ? std::to_string(rest) : "");
  }
  const int64_t rest = value % 10000;
  return std::to_string(value / 10000) + "만" + (rest != 0 ? Count(rest) : "");
}

std::string Decomposed(std::string_view utf8) {
  std::u32string out;
  for (char32_t c : Decode(utf8)) {
    if (!IsSyllable(c)) {
      out.push_back(c);
      continue;
    }
    const char32_t index = c - kFirstSyllable;
    out.push_back(0x1100 + index / (kVowels * kFinals));
    out.push_back(0x1161 + index / kFinals % kVowels);
    if (index % kFinals != 0) out.push_back(0x11A7 + index % kFinals);
  }
  return Encode(out);
}

std::string FullWidth(std::string_view utf8) {
  std::u32string out = Decode(utf8);
  for (char32_t& c : out) {
    if (c > 0x20 && c < 0x7F) c += 0xFF00 - 0x20;
    if (c == 0x20) c = 0x3000;
  }
  return Encode(out);
}

std::string Respaced(std::string_view utf8, int percent_dropped, int percent_added,
                     Random& random) {
  std::u32string out;
  const std::u32string text = Decode(utf8);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' && random.Chance(percent_dropped)) continue;
    out.push_back(text[i]);
    const bool inside_word = i + 1 < text.size() && IsSyllable(text[i]) && IsSyllable(text[i + 1]);
    if (inside_word && random.Chance(percent_added)) out.push_back(' ');
  }
  return Encode(out);
}

std::string Renumbered(std::string_view utf8, Random& random) {
  std::string out(utf8);
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] < '0' || out[i] > '9') continue;
    const size_t begin = i;
    while (i < out.size() && out[i] >= '0' && out[i] <= '9') ++i;
    const std::string before = out.substr(begin, i - begin);
    while (out.compare(begin, i - begin, before) == 0) {
      for (size_t k = begin; k < i; ++k) {
        const bool leading = k == begin && before[0] != '0';
        out[k] = static_cast<char>('0' + (leading ? random.Between(1, 9) : random.Between(0, 9)));
      }
    }
  }
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

}  // namespace wonbon::corpus
