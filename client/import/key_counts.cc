#include "client/import/key_counts.h"

#include <cctype>
#include <utility>

#include "client/limits.h"

namespace wonbon::client {
namespace {

struct OtherName {
  std::string_view name;  // in small letters, without '_', '-' and spaces
  std::string_view field;
};

// What fields are called in files of other houses. Of two names of one field that both stand in a
// file the earlier one here is taken.
constexpr OtherName kOtherNames[] = {
    {"newsid", "id"},           {"articleid", "id"},         {"documentid", "id"},
    {"docid", "id"},            {"guid", "id"},              {"uid", "id"},
    {"aid", "id"},              {"기사번호", "id"},          {"식별자", "id"},
    {"headline", "title"},      {"subject", "title"},        {"newstitle", "title"},
    {"제목", "title"},          {"기사제목", "title"},       {"text", "body"},
    {"content", "body"},        {"contents", "body"},        {"article", "body"},
    {"articlebody", "body"},    {"maintext", "body"},        {"fulltext", "body"},
    {"newscontent", "body"},    {"본문", "body"},            {"기사본문", "body"},
    {"내용", "body"},           {"press", "publisher"},      {"media", "publisher"},
    {"provider", "publisher"},  {"outlet", "publisher"},     {"newspaper", "publisher"},
    {"source", "publisher"},    {"언론사", "publisher"},     {"언론사명", "publisher"},
    {"매체", "publisher"},      {"매체명", "publisher"},     {"신문사", "publisher"},
    {"link", "url"},            {"originallink", "url"},     {"href", "url"},
    {"permalink", "url"},       {"uri", "url"},              {"링크", "url"},
    {"주소", "url"},            {"pubdate", "published_at"}, {"publishedat", "published_at"},
    {"published", "published_at"}, {"publishdate", "published_at"},
    {"datepublished", "published_at"}, {"date", "published_at"},
    {"datetime", "published_at"},  {"regdate", "published_at"},
    {"createdat", "published_at"}, {"일자", "published_at"}, {"날짜", "published_at"},
    {"발행일", "published_at"}, {"작성일", "published_at"},  {"입력일시", "published_at"},
    {"author", "byline"},       {"reporter", "byline"},      {"writer", "byline"},
    {"journalist", "byline"},   {"기자", "byline"},          {"기자명", "byline"},
    {"category", "section"},    {"분류", "section"},         {"섹션", "section"},
    {"카테고리", "section"},
};

std::string Simplified(std::string_view key) {
  std::string simple;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    simple += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return simple;
}

void Count(const std::string& key, KeyCounts::Counts* counts) {
  const auto known = counts->find(key);
  if (known != counts->end()) {
    ++known->second;
  } else {
    ++(*counts)[counts->size() < kMaxNamedKeys ? key : ""];
  }
}

}  // namespace

std::array<std::pair<std::string_view, bool>, 8> LineFields(const v1::Document& document) {
  return {{{"id", !document.id().empty()},
           {"title", !document.title().empty()},
           {"body", !document.body().empty()},
           {"publisher", !document.publisher().empty()},
           {"url", !document.url().empty()},
           {"published_at", document.has_published_at()},
           {"byline", !document.byline().empty()},
           {"section", !document.section().empty()}}};
}

void KeyCounts::Add(const ArticleLineNotes& notes, const v1::Document& document) {
  for (const std::string& key : notes.labels) Count(key, &labels_);
  for (const std::string& key : notes.left_out) Count(key, &left_out_);
  for (const auto& [field, there] : LineFields(document)) {
    if (there) fields_.insert(field);
  }
}

std::string KeyCounts::SuggestedMap() const {
  std::map<std::string, std::string_view> keys;  // simplified -> as it stands
  for (const Counts* counts : {&labels_, &left_out_}) {
    for (const auto& [key, count] : *counts) keys.emplace(Simplified(key), key);
  }
  std::string map;
  std::set<std::string_view> taken = fields_;
  for (const auto& [name, field] : kOtherNames) {
    const auto key = keys.find(std::string(name));
    if (key == keys.end() || !taken.insert(field).second) continue;
    if (!map.empty()) map += ',';
    map.append(field).append("=").append(key->second);
  }
  return map;
}

uint64_t Total(const KeyCounts::Counts& counts) {
  uint64_t total = 0;
  for (const auto& [key, count] : counts) total += count;
  return total;
}

}  // namespace wonbon::client
