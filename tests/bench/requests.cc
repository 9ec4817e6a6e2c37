#include "tests/bench/requests.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/eval/article_line.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::bench {
namespace {

v1::Document Proto(const Document& in, std::string id) {
  v1::Document out;
  out.set_id(std::move(id));
  out.set_title(in.title);
  out.set_body(in.body);
  out.set_publisher(in.publisher);
  out.set_url(in.url);
  return out;
}

}  // namespace

std::vector<Document> ReadArticles(const char* path, size_t of_a_body) {
  std::vector<Document> documents;
  size_t joined = of_a_body;
  for (Document& next : ReadDocuments(path)) {
    if (joined < of_a_body) {
      documents.back().body += next.body;
      ++joined;
    } else {
      documents.push_back(std::move(next));
      joined = 1;
    }
  }
  return documents;
}

v1::Document Submitted(const std::vector<Document>& articles, size_t n) {
  const Document& article = articles[n % articles.size()];
  return Proto(article, absl::StrCat(article.id, "-", n / articles.size()));
}

Load::Request Requests(const std::string& method, const std::vector<Document>& articles,
                       size_t of_a_batch) {
  if (method == "Submit") {
    return [&articles](size_t n) {
      v1::SubmitRequest request;
      *request.mutable_document() = Submitted(articles, n);
      return Bytes(request);
    };
  }
  if (method == "SubmitBatch") {
    return [&articles, of_a_batch](size_t n) {
      v1::SubmitBatchRequest request;
      for (size_t i = 0; i < of_a_batch; ++i) {
        *request.add_documents() = Submitted(articles, n * of_a_batch + i);
      }
      return Bytes(request);
    };
  }
  // Requests that are the same each time are made once.
  auto made = std::make_shared<std::vector<grpc::ByteBuffer>>();
  for (const Document& article : articles) {
    if (method == "GetDocument") {
      v1::GetDocumentRequest request;
      request.set_document_id(article.id);
      made->push_back(Bytes(request));
    } else {
      v1::CheckRequest request;
      *request.mutable_document() = Proto(article, "check");
      made->push_back(Bytes(request));
    }
  }
  return [made](size_t n) { return (*made)[n % made->size()]; };
}

}  // namespace wonbon::bench
