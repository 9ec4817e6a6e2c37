#include "core/judge/headline.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace wonbon {
namespace {

TEST(StagesTest, AHeadlineNamesTheStagesItHolds) {
  EXPECT_TRUE(ReadStages(u"은빛교통행재개").any());
  EXPECT_TRUE(ReadStages(u"은빛교").none());
  EXPECT_TRUE(ReadStages(u"").none());
  EXPECT_TRUE(ReadStages(u"재").none());
  EXPECT_EQ(ReadStages(u"물레교시공사대표구속기소").count(), 2);
}

TEST(StagesTest, AppealIsNotTheSentence) {
  EXPECT_TRUE((ReadStages(u"1심징역3년선고") & ReadStages(u"판결에불복해항소")).none());
  EXPECT_TRUE((ReadStages(u"구속영장신청") & ~ReadStages(u"구속영장청구")).any());
}

TEST(StagesTest, CaseStagesArePoliceProsecutionAndCourt) {
  for (const std::u16string_view title : {u"체포", u"기소", u"항소", u"심사", u"검거"}) {
    EXPECT_TRUE((ReadStages(title) & CaseStages()).any());
  }
  for (const std::u16string_view title : {u"발표", u"개막", u"우승", u"상승", u"폭발"}) {
    ASSERT_TRUE(ReadStages(title).any());
    EXPECT_TRUE((ReadStages(title) & CaseStages()).none());
  }
}

TEST(UpdateTest, IsMarkedInBrackets) {
  for (const std::u16string_view title :
       {u"은빛교 통행 재개(종합)", u"은빛교 통행 재개(종합2보)", u"은빛교 통행 재개 (3보)",
        u"[종합]은빛교 통행 재개", u"[상보] 은빛교 통행 재개", u"[종합2보] 은빛교 통행 재개"}) {
    EXPECT_TRUE(IsUpdate(title));
  }
}

TEST(UpdateTest, TheSameLettersElsewhereAreNoMark) {
  for (const std::u16string_view title :
       {u"한강시 종합운동장 문 연다", u"종합 1위", u"정보 공개", u"(은빛교) 3보 후퇴", u"[단독] 은빛교",
        u"", u"(", u")", u"보)"}) {
    EXPECT_FALSE(IsUpdate(title));
  }
}

}  // namespace
}  // namespace wonbon
