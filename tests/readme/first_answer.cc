// Submits two copies of an article and prints what wonbon decided about the second.
#include <cstdio>
#include <cstdlib>

#include "client/client.h"

int main() {
  wonbon::client::ClientOptions options;
  if (const char* endpoint = std::getenv("WONBON_ENDPOINT")) options.channel.endpoint = endpoint;
  const auto client = wonbon::client::Client::Create(options);
  if (!client.ok()) return 1;

  wonbon::v1::SubmitRequest request;
  wonbon::v1::Document& article = *request.mutable_document();
  article.set_title("세종시, 밤 버스 두 배로 늘린다");
  article.set_body(
      "세종시가 다음 달부터 밤 11시 이후에 다니는 시내버스를 두 배로 늘린다. 시는 심야 노선 6개를 "
      "12개로 확대하고 배차 간격을 40분에서 20분으로 줄인다고 밝혔다.");
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
