#include "core/engine/validate.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/time/civil_time.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {
namespace {

constexpr size_t kMaxBody = 1'000;

Document Fine() { return {.id = "a-1", .title = "제목", .body = "본문"}; }

std::string FieldOf(const absl::Status& status) {
  const std::optional<FieldViolation> violation = Violation(status);
  return violation.has_value() ? violation->field : status.ToString();
}

absl::Time Year(int year) {
  return absl::FromCivil(absl::CivilSecond(year), absl::UTCTimeZone());
}

TEST(ValidateDocumentTest, EveryFieldHasItsLimitAndAtTheLimitItIsFine) {
  const struct {
    std::string field;
    std::string Document::*member;
    size_t max_bytes;
  } fields[] = {{"document.id", &Document::id, kMaxIdBytes},
                {"document.title", &Document::title, kMaxTitleBytes},
                {"document.body", &Document::body, kMaxBody},
                {"document.publisher", &Document::publisher, kMaxPublisherBytes},
                {"document.url", &Document::url, kMaxUrlBytes},
                {"document.byline", &Document::byline, kMaxBylineBytes},
                {"document.section", &Document::section, kMaxSectionBytes}};
  for (const auto& [field, member, max_bytes] : fields) {
    Document document = Fine();
    document.*member = std::string(max_bytes, 'a');
    EXPECT_TRUE(ValidateDocument(document, kMaxBody, false).ok()) << field;
    document.*member += 'a';
    EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), field);
    document.*member = "a\xff";
    EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), field) << "no UTF-8";
    document.*member = std::string("a\0b", 3);
    EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), field) << "NUL";
  }
}

TEST(ValidateDocumentTest, AnIdMayBeMissingOnlyWhereItIsOptional) {
  Document document = Fine();
  document.id.clear();
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.id");
  EXPECT_TRUE(ValidateDocument(document, kMaxBody, true).ok());
  document.id = std::string(kMaxIdBytes + 1, 'a');
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, true)), "document.id");
}

TEST(ValidateDocumentTest, LabelsAreCountedAndNamed) {
  Document document = Fine();
  for (size_t i = 0; i < kMaxLabels; ++i) document.labels.emplace_back(std::to_string(i), "");
  EXPECT_TRUE(ValidateDocument(document, kMaxBody, false).ok());
  document.labels.emplace_back("z", "");
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.labels");
  document.labels = {{"", "value"}};
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.labels");
  document.labels = {{std::string(kMaxLabelKeyBytes + 1, 'k'), ""}};
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.labels");
  document.labels = {{"desk", std::string(kMaxLabelValueBytes + 1, 'v')}};
  EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.labels[desk]");
}

TEST(ValidateDocumentTest, YearsAreThoseThatTheContractCanWrite) {
  Document document = Fine();
  for (const absl::Time fine : {Year(1), Year(10000) - absl::Nanoseconds(1)}) {
    document.published_at = fine;
    EXPECT_TRUE(ValidateDocument(document, kMaxBody, false).ok()) << fine;
  }
  for (const absl::Time outside : {Year(1) - absl::Nanoseconds(1), Year(10000)}) {
    document.published_at = outside;
    EXPECT_EQ(FieldOf(ValidateDocument(document, kMaxBody, false)), "document.published_at");
  }
}

TEST(ValidateCollectionNameTest, NamesAreLowerCaseWords) {
  for (const char* fine : {"default", "a", "0", "news-2025_kr"}) {
    EXPECT_TRUE(ValidateCollectionName(fine).ok()) << fine;
  }
  EXPECT_TRUE(ValidateCollectionName(std::string(kMaxCollectionNameBytes, 'a')).ok());
  EXPECT_FALSE(ValidateCollectionName(std::string(kMaxCollectionNameBytes + 1, 'a')).ok());
  for (const char* wrong : {"", "-a", "_a", "News", "a b", "뉴스", "a/b"}) {
    EXPECT_EQ(FieldOf(ValidateCollectionName(wrong)), "name") << wrong;
  }
}

TEST(ValidateSettingsTest, ListsAndRetentionHaveLimits) {
  EXPECT_TRUE(ValidateSettings({}).ok());
  CollectionSettings settings;
  settings.preferred_publishers.assign(kMaxPublisherListEntries, "가람일보");
  EXPECT_TRUE(ValidateSettings(settings).ok());
  settings.preferred_publishers.push_back("나루신문");
  EXPECT_EQ(FieldOf(ValidateSettings(settings)), "settings.preferred_publishers");
  EXPECT_EQ(FieldOf(ValidateSettings({.wire_publishers = {""}})), "settings.wire_publishers");
  EXPECT_TRUE(ValidateSettings({.retention = absl::Minutes(1)}).ok());
  for (const absl::Duration wrong : {absl::Seconds(59), -absl::Hours(1)}) {
    EXPECT_EQ(FieldOf(ValidateSettings({.retention = wrong})), "settings.retention") << wrong;
  }
}

}  // namespace
}  // namespace wonbon
