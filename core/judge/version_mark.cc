#include "core/judge/version_mark.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace wonbon {
namespace {

constexpr std::u16string_view kOpening = u"[(【<〈《";
constexpr std::u16string_view kClosing = u"])】>〉》";
constexpr size_t kInsideUnits = 16;  // a mark with what stands before it: "회견 종합"
constexpr std::u16string_view kFlashes[] = {u"속보", u"긴급"};
constexpr std::u16string_view kWholes[] = {u"상보", u"종합"};
constexpr std::u16string_view kCorrections[] = {u"정정",     u"수정", u"고침",
                                                u"업데이트", u"재송", u"재송고"};

template <size_t kSize>
bool EndsWithAny(std::u16string_view inside, const std::u16string_view (&words)[kSize]) {
  return std::any_of(std::begin(words), std::end(words),
                     [inside](std::u16string_view word) { return inside.ends_with(word); });
}

// `inside`: what stands in brackets, without spaces.
uint8_t MarkOf(std::u16string_view inside) {
  const bool is_correction = std::find(std::begin(kCorrections), std::end(kCorrections), inside) !=
                             std::end(kCorrections);
  if (is_correction) return kCorrectionMark;
  if (EndsWithAny(inside, kWholes)) return kWholeMark;
  if (EndsWithAny(inside, kFlashes)) return kFlashMark;
  if (inside.size() < 2 || inside.back() != u'보') return kNoVersionMark;
  const char16_t digit = inside[inside.size() - 2];
  if (digit < u'1' || digit > u'9') return kNoVersionMark;
  const auto number = static_cast<uint8_t>(digit - u'0');
  inside.remove_suffix(2);
  if (inside.ends_with(u"종합")) return static_cast<uint8_t>(kWholeMark + number - 1);
  return inside.empty() ? number : kNoVersionMark;
}

}  // namespace

uint8_t ReadVersionMark(std::u16string_view folded) {
  uint8_t mark = kNoVersionMark;
  for (size_t at = 0; at < folded.size(); ++at) {
    const size_t kind = kOpening.find(folded[at]);
    if (kind == std::u16string_view::npos) continue;
    const size_t end = folded.find(kClosing[kind], at);
    if (end == std::u16string_view::npos || end - at - 1 > kInsideUnits) continue;
    std::u16string inside(folded.substr(at + 1, end - at - 1));
    std::erase(inside, u' ');
    mark = std::max(mark, MarkOf(inside));
  }
  return mark;
}

}  // namespace wonbon
