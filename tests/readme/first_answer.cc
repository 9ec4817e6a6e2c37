// Submits two copies of an article and prints what wonbon decided about the second.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "client/client.h"

int main() {
  wonbon::client::ClientOptions options;
  if (const char* endpoint = std::getenv("WONBON_ENDPOINT")) options.channel.endpoint = endpoint;
  const auto client = wonbon::client::Client::Create(options);
  if (!client.ok()) return 1;

  wonbon::v1::SubmitRequest request;
  wonbon::v1::Document& article = *request.mutable_document();
  article.set_title("전주 도서관, 밤 10시까지 연다");
  article.set_body(
      "전주시가 다음 달부터 시립도서관 열람실을 밤 10시까지 연다. 시는 평일 저녁 이용자가 한 해 사이 "
      "38% 늘었다며 도서관 12곳의 문 닫는 시각을 두 시간 늦추고 사서 24명을 더 뽑는다고 밝혔다.");
  for (const char* publisher : {"가람통신", "누리신문"}) {
    article.set_id(std::string("cpp-") + publisher);
    article.set_publisher(publisher);
    const auto response = (*client)->Submit(request);
    if (!response.ok()) {
      std::fprintf(stderr, "%s\n", response.status().ToString().c_str());
      return 1;
    }
    const wonbon::v1::Decision& decision = response->decision();
    std::printf("%s: %s in %s, canonical copy %s\n", decision.document_id().c_str(),
                wonbon::v1::Relation_Name(decision.relation()).c_str(),
                decision.cluster_id().c_str(), decision.canonical().document_id().c_str());
  }
  return 0;
}
