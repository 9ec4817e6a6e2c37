#include "core/judge/version_mark.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace wonbon {
namespace {

TEST(VersionMarkTest, IsReadInBracketsOfAnyKind) {
  struct Case {
    std::u16string_view title;
    int mark;
  };
  for (const Case& c : std::vector<Case>{{u"[속보] 은빛교 통행 재개", kFlashMark},
                                         {u"【긴급】은빛교 통행 재개", kFlashMark},
                                         {u"은빛교 통행 재개(1보)", 1},
                                         {u"<2보> 은빛교 통행 재개", 2},
                                         {u"은빛교 통행 재개 (9보)", kLastPartMark},
                                         {u"[상보] 은빛교 통행 재개", kWholeMark},
                                         {u"은빛교 통행 재개(종합)", kWholeMark},
                                         {u"은빛교 통행 재개[회견 종합]", kWholeMark},
                                         {u"은빛교 통행 재개(종합 2보)", 11},
                                         {u"은빛교 통행 재개〈종합9보〉", 18},
                                         {u"[정정] 은빛교 통행 재개", kCorrectionMark},
                                         {u"은빛교 통행 재개(수정)", kCorrectionMark},
                                         {u"[속보] 은빛교 통행 재개(2보)", 2},
                                         {u"[정정][종합] 은빛교 통행 재개", kCorrectionMark}}) {
    EXPECT_EQ(ReadVersionMark(c.title), c.mark);
  }
}

TEST(VersionMarkTest, TheSameLettersElsewhereAreNoMark) {
  for (const std::u16string_view title :
       {u"", u"[", u"]속보[", u"속보 은빛교", u"[단독] 은빛교", u"(은빛교) 3보 후퇴", u"(0보)", u"(보)",
        u"(일기예보)", u"[속보", u"정정 보도 (은빛교)", u"(개헌안 재수정 요구)",
        u"(한강시가 지은 다리 세 곳의 안전을 다시 살핀 종합)"}) {
    EXPECT_EQ(ReadVersionMark(title), kNoVersionMark);
  }
}

TEST(VersionMarkTest, AnArticleGrowsOutOfFlashesAndIntoRoundUps) {
  const uint8_t grown[] = {kFlashMark,     2, 3, kLastPartMark, kNoVersionMark, kWholeMark,
                           kWholeMark + 1, 18, kCorrectionMark};
  for (size_t i = 1; i < std::size(grown); ++i) {
    EXPECT_LT(VersionStage(grown[i - 1]), VersionStage(grown[i])) << i;
  }
}

}  // namespace
}  // namespace wonbon
