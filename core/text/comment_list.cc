#include "core/text/comment_list.h"

#include <re2/re2.h>

#include <algorithm>

#include "core/text/limits.h"
#include "core/text/rule_set.h"
#include "core/text/squeezed.h"

namespace wonbon {
namespace {

using re2::RE2;

enum class LineKind { kBlank, kHeader, kButtons, kSigned, kName, kText };

struct LinePatterns {
  RE2 header{"(?:전체|총|기사)?댓글(?:수|목록|보기)?[:(\\[]?[0-9,]*개?[)\\]]?|[0-9,]*개의댓글"};
  RE2 buttons{
      "(?:(?:답글|답변|대댓글|공감|비공감|호감|신고|추천|비추천|좋아요|싫어요|찬성|반대|수정|삭제"
      "|등록|취소|확인|더보기|접기|새로고침|최신|과거|인기|등록|순공감|작성자|이름|비밀번호|내용"
      "|로그인|회원가입|공유)(?:하기|쓰기|달기|보기|순)?[:(]?[0-9,]*[)|/·]?)+|[0-9,]*/[0-9,]+자?"
      "|.*댓글.*"};
  RE2 time{
      "[^.:]*?(?:20[0-9][0-9][-./년][0-9]+[-./월][0-9]+[일.]?(?:(?:오전|오후)?[0-9]+:[0-9:]+)?"
      "|[0-9]+(?:초|분|시간|일|주|주일|개월|달|년)전|방금전?)(?:답글|신고|삭제|수정|[|·])*"};
  // Over an article, not over a comment.
  RE2 published{"(?:기사)?(?:입력|수정|등록|승인|송고|작성|발행|게재|업데이트).*"};
};

const LinePatterns& GetPatterns() {
  static const LinePatterns* const patterns = new LinePatterns;
  return *patterns;
}

LineKind KindOf(std::u16string_view text, size_t begin, size_t end, Squeezed* squeezed) {
  if (end - begin > kMaxCommentChromeUnits) return LineKind::kText;
  const LinePatterns& patterns = GetPatterns();
  squeezed->Assign(text, begin, end);
  const re2::StringPiece line(squeezed->utf8().data(), squeezed->utf8().size());
  if (line.empty()) return LineKind::kBlank;
  if (RE2::FullMatch(line, patterns.header)) return LineKind::kHeader;
  if (HoldsStatement(squeezed->utf8())) return LineKind::kText;
  if (RE2::FullMatch(line, patterns.buttons)) return LineKind::kButtons;
  if (RE2::FullMatch(line, patterns.time) && !RE2::FullMatch(line, patterns.published)) {
    return LineKind::kSigned;
  }
  return end - begin <= kMaxCommentNameUnits ? LineKind::kName : LineKind::kText;
}

// Whether `lines`, which follow a header, are comments and what belongs to them.
bool AreComments(std::u16string_view lines, Squeezed* squeezed) {
  bool has_chrome = false;  // something that articles do not have
  bool has_text = false;
  bool is_signed = false;   // below a name and a time
  size_t lines_left = 1;    // of a comment; one name may stand anywhere
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = std::min(lines.find(u'\n', begin), lines.size());
    switch (KindOf(lines, begin, end, squeezed)) {
      case LineKind::kBlank: break;
      case LineKind::kHeader:
      case LineKind::kButtons:
        has_chrome = true;
        lines_left = 1;
        is_signed = false;
        break;
      case LineKind::kSigned:
        has_chrome = true;
        lines_left = kMaxCommentLines;
        is_signed = true;
        break;
      case LineKind::kText:
        if (!is_signed || end - begin > kMaxCommentUnits) return false;
        [[fallthrough]];
      case LineKind::kName:
        if (lines_left == 0) return false;
        --lines_left;
        has_text = true;
    }
    begin = end + 1;
  }
  return has_chrome || !has_text;
}

// The last "댓" in [0, end). Nearly no article has one: whole blocks are looked through at a time,
// which compilers do with vectors.
size_t LastMention(std::u16string_view text, size_t end) {
  constexpr size_t kBlock = 64;
  while (end >= kBlock) {
    const char16_t* const block = text.data() + end - kBlock;
    unsigned found = 0;
    for (size_t i = 0; i < kBlock; ++i) found |= block[i] == u'댓' ? 1u : 0u;
    if (found != 0) break;
    end -= kBlock;
  }
  return end == 0 ? std::u16string_view::npos : text.rfind(u'댓', end - 1);
}

}  // namespace

size_t FindCommentList(std::u16string_view folded) {
  Squeezed squeezed;
  size_t end = folded.size();
  size_t at = LastMention(folded, end);
  for (int tried = 0; at != std::u16string_view::npos && tried < kMaxCommentHeaders; ++tried) {
    const size_t break_before = folded.rfind(u'\n', at);
    if (break_before == std::u16string_view::npos) break;  // a list never is the whole text
    const size_t line_end = std::min(folded.find(u'\n', at), end);
    if (KindOf(folded, break_before + 1, line_end, &squeezed) == LineKind::kHeader &&
        AreComments(folded.substr(line_end, end - line_end), &squeezed)) {
      end = break_before;
    }
    at = LastMention(folded, break_before);
  }
  return end;
}

}  // namespace wonbon
